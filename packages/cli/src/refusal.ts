/** What the user is told in words when a command cannot do its work: exit code 1. */
export class Refusal extends Error {}

/** The same where the command was called wrongly: exit code 2. */
export class WrongUsage extends Refusal {}
