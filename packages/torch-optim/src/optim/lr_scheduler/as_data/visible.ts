/** Characters that are not seen, but move the cursor, break the line or turn its direction. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Text from outside as a message, or the code of a program, may hold it: what is not seen stands
 * as an escape, by default as in JSON.
 */
export function visible(text: string, escaped = json_escape): string {
  return text.replace(INVISIBLE, escaped);
}

function json_escape(character: string): string {
  return character.replace(
    /./gs,
    (half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
