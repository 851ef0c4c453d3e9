/** Where the project's files can be read and edited. */
export const REPOSITORY = "https://github.com/torch-optim/torch-optim";
