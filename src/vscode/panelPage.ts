import type { Snapshot } from '../protocol/messages.ts';

/** What the page is made of: the texts of the panel's script and styles, and this page's nonce. */
export interface PageParts {
  readonly title: string;
  /** What is shown first; null where the script is to ask for it. */
  readonly first: Snapshot | null;
  readonly script: string;
  readonly styles: string;
  readonly nonce: string;
}

/** The hash of the empty string: the toolkit sets one empty inline style when it loads. */
const emptyStyle = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** The panel's content security policy: its own script and styles, drawings, and nothing else. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}' 'unsafe-hashes' ${emptyStyle}`,
    'img-src data:',
  ].join('; ');
}

/**
 * The panel's page, with script, styles and the first snapshot in it: asking for them costs a
 * webview more time than the picture does. The build leaves no end tag in script or styles.
 */
export function panelPage({ title, first, script, styles, nonce }: PageParts): string {
  const data = JSON.stringify(first).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(nonce)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">${styles}</style>
</head>
<body>
<main></main>
<script type="application/json" id="first" nonce="${nonce}">${data}</script>
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}

/** A nonce that nobody can guess: 128 random bits in hexadecimal. */
export function newNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
