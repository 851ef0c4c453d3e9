/** Why a link cannot be read, or a plan cannot be put into one, in one sentence for whoever opened it. */
export class LinkError extends Error {
  override readonly name = "LinkError";
}
