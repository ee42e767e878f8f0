import { run } from './run.mjs';

/**
 * The commit that a pull request is compared with: where the job has checked out the merge that
 * GitHub made, what that was merged into, which is newer than the event's word; else that word.
 *
 * @param {string} told the base that the event names
 * @param {string | undefined} tested the commit that the job is about
 */
export async function baseOf(told, tested) {
  const head = (await git('rev-parse', 'HEAD')).trim();
  if (head !== tested) return told;
  // A shallow clone knows the names of its parents and nothing else of them. Below the first empty
  // line stands what anybody may have written.
  const [header] = (await git('cat-file', 'commit', 'HEAD')).split('\n\n');
  const parents = [...header.matchAll(/^parent ([0-9a-f]+)$/gm)];
  return parents.length === 2 ? parents[0][1] : told;
}

/** Whether a revision is there, or a commit can be fetched. */
export async function isThere(revision) {
  const asked = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  if ((await git(...asked)) !== '') return true;
  if (!/^[0-9a-f]{40,64}$/.test(revision)) return false;
  await git('fetch', '--quiet', '--no-tags', '--depth=1', 'origin', revision);
  return (await git(...asked)) !== '';
}

/** What git prints; nothing where it fails. */
async function git(...args) {
  const { code, stdout } = await run('git', args);
  return code === 0 ? stdout : '';
}
