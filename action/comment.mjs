/** What the one comment begins with, by which it is found again. */
const marker = '<!-- floatcast -->';

/** How many characters a comment may have. */
const mostCharacters = 65_000;

const nothing = 'Nothing that was reported here moves any more.';

/**
 * Makes the one comment on a pull request say what a table says. Where there is nothing to say, a
 * comment that is there says so, and none is written.
 *
 * @param {{ readonly api: string, readonly repository: string, readonly token: string }} at
 * @param {number} number the pull request
 * @param {string} table Markdown; empty where nothing moved
 */
export async function setComment(at, number, table) {
  const before = await find(at, number);
  if (!before && table === '') return;
  const body = `${marker}\n${table === '' ? nothing : shortened(withoutMentions(table))}`;
  if (!before) await ask(at, 'POST', `issues/${number}/comments`, { body });
  else if (before.body !== body) await ask(at, 'PATCH', `issues/comments/${before.id}`, { body });
}

/** The comment of an earlier job. Anyone may write the marker, so one by a person is not it. */
async function find(at, number) {
  for (let page = 1; ; page += 1) {
    const comments = await ask(at, 'GET', `issues/${number}/comments?per_page=100&page=${page}`);
    const found = comments.find(
      ({ user, body }) => user?.type === 'Bot' && body?.startsWith(marker),
    );
    if (found || comments.length < 100) return found ?? null;
  }
}

async function ask({ api, repository, token }, method, path, body) {
  const response = await fetch(`${api}/repos/${repository}/${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'user-agent': 'floatcast',
      'x-github-api-version': '2022-11-28',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`GitHub answers ${response.status}`);
  return response.json();
}

/** A name of a file must call nobody: GitHub looks for @ once Markdown is read. */
function withoutMentions(text) {
  return text.replace(/@|&#64;/g, '$&&#8203;');
}

/** Whole lines as far as they fit. */
function shortened(text) {
  if (text.length <= mostCharacters) return text;
  const cut = text.lastIndexOf('\n', mostCharacters);
  return `${text.slice(0, cut)}\n\nThe job’s summary has the rest.\n`;
}
