/** What the page is made of: the texts of the panel's script and styles, and this page's nonce. */
export interface PageParts {
  readonly title: string;
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
 * The panel's page, script and styles in it: asking for two files costs a webview more time than
 * the first picture does. It holds no data: the host sends it all once the script has said `ready`.
 * The build leaves no end tag of its own in either text.
 */
export function panelPage({ title, script, styles, nonce }: PageParts): string {
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
