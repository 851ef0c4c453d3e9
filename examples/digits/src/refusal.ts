/** Something the user asked for that cannot be done; its message is all they need to see. */
export class Refusal extends Error {}
