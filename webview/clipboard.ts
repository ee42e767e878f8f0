/** Puts a PNG on the clipboard; resolves to a sentence on how that ended. */
export async function copyPng(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  const image = new Blob([bytes], { type: 'image/png' });
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': image })]);
    return 'Copied the picture.';
  } catch {
    // The browser or the person may forbid it.
    return 'The picture could not be copied; “Save PNG” writes it to a file.';
  }
}
