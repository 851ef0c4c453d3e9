/** Puts a text on the clipboard, and says in a sentence what became of it. */
export async function copyText(what: string, text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return `Copied ${what}.`;
  } catch {
    return "The browser does not let pages copy: select the text and copy it.";
  }
}
