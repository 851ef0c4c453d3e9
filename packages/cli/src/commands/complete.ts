import { Command } from "commander";

export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

export const complete = new Command("complete")
  .description("print what makes a shell complete this command")
  .argument("[shell]", SHELLS.join(", "))
  .addHelpText(
    "after",
    `
Examples:
  $ source <(torch-optim complete bash)
  $ torch-optim complete zsh > "\${fpath[1]}/_torch-optim"
  $ torch-optim complete fish > ~/.config/fish/completions/torch-optim.fish`,
  )
  .action(async (_shell, _options, command: Command) => {
    const { runComplete } = await import("../actions/complete.ts");
    await runComplete(command);
  });
