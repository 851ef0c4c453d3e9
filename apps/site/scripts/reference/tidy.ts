import {
  type Context,
  type DeclarationReflection,
  IntersectionType,
  type ParameterReflection,
  ReferenceType,
  ReflectionFlag,
  ReflectionKind,
  type SignatureReflection,
} from "typedoc";

/** The classes that are there to be derived from: what is for subclasses alone is theirs to document. */
const BASES = new Set([
  "CompositeMotion",
  "CompositeScheduler",
  "LRScheduler",
  "Motion",
  "Optimizer",
  "PerParameterOptimizer",
]);
const FOR_BASES = new Set(["formula", "motion", "option_table", "state_table"]);

/** Makes what TypeDoc has read of the sources what a person wants to read of them. */
export function tidy({ project }: Context): void {
  for (const reference of project.getReflectionsByKind(ReflectionKind.Reference)) {
    project.removeReflection(reference);
  }
  for (const found of project.getReflectionsByKind(ReflectionKind.Namespace)) {
    if (!(found as DeclarationReflection).children?.length) project.removeReflection(found);
  }
  for (const found of project.getReflectionsByKind(ReflectionKind.SomeSignature)) {
    for (const parameter of (found as SignatureReflection).parameters ?? []) tidyOptions(parameter);
  }
  for (const found of project.getReflectionsByKind(ReflectionKind.Class)) {
    tidyClass(found as DeclarationReflection);
  }
}

function tidyClass(owner: DeclarationReflection): void {
  for (const hidden of owner.children?.filter(isForSubclasses) ?? []) {
    owner.project.removeReflection(hidden);
  }
  const options = optionsOf(owner);
  if (!options) return;
  nameOwnOptions(owner, options);
  for (const property of owner.children ?? []) {
    if (property.kind !== ReflectionKind.Property || property.hasComment()) continue;
    // What an option is stands where it is given.
    const option = options.children?.find(({ name }) => name === property.name);
    if (option?.comment) property.comment = option.comment.clone();
  }
}

function isForSubclasses({ name, parent, flags }: DeclarationReflection): boolean {
  if (BASES.has(parent?.name ?? "")) return false;
  return flags.isProtected || (flags.isStatic && FOR_BASES.has(name));
}

/** The interface of a class's options. */
function optionsOf({ name, project }: DeclarationReflection): DeclarationReflection | undefined {
  const interfaces = project.getReflectionsByKind(ReflectionKind.Interface);
  const own = interfaces.find((each) => each.name === `${name}Options`);
  return own as DeclarationReflection | undefined;
}

/** Lets a constructor that is inherited name the options of the class that inherits it. */
function nameOwnOptions(owner: DeclarationReflection, options: DeclarationReflection): void {
  const made = owner.children?.find(({ kind }) => kind === ReflectionKind.Constructor);
  for (const parameter of made?.signatures?.[0]?.parameters ?? []) {
    if (parameter.name !== "options") continue;
    parameter.type = ReferenceType.createResolvedReference(options.name, options, owner.project);
  }
}

/** Lets options that are taken apart where they are declared be called options, as callers see them. */
function tidyOptions(parameter: ParameterReflection): void {
  if (parameter.name === "__namedParameters") parameter.name = "options";
  if (!parameter.flags.isRest || parameter.name !== "options") return;
  parameter.setFlag(ReflectionFlag.Rest, false);
  const [element] = parameter.type?.type === "tuple" ? parameter.type.elements : [];
  if (element?.type !== "namedTupleMember") return;
  parameter.setFlag(ReflectionFlag.Optional, element.isOptional);
  const { element: type } = element;
  // What every scheduler takes stands in the options of each.
  parameter.type = type instanceof IntersectionType ? type.types[0] : type;
}
