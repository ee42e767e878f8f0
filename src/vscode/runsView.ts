import {
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  commands as editor,
  window,
  type Event,
  type Memento,
  type TreeDataProvider,
  type TreeView,
  l10n,
} from 'vscode';
import { escapeMarkdown } from '../core/present/markdown.ts';
import { exact } from '../core/present/numbers.ts';
import { inert } from '../core/present/plain.ts';
import { groupOf, groupTitles } from '../core/present/runGroups.ts';
import { runRow, type RowStatus } from '../core/present/runRow.ts';
import { Disposables } from './disposables.ts';
import { contextKeys, runsViewId } from './ids.ts';
import type { Log } from './log.ts';
import { openRun } from './openRun.ts';
import {
  grouped,
  listed,
  nameOf,
  sortKeys,
  type ListedGroup,
  type RunFilter,
  type SortKey,
} from './runList.ts';
import { sortWords } from './sortWords.ts';
import type { RunsRow, RunsTree } from './runsTree.ts';
import { WorkspaceScan, type ScannedRun } from './workspaceScan.ts';

/** The ending that says nothing of a run: the tooltip has the whole name. */
const configEnding = /\.(?:ya?ml|jsonc?|toml)(?= \(|$)/;

/** How often the list is drawn anew at most while a scan fills it, in milliseconds. */
const redrawEvery = 200;

const icons: Readonly<Record<RowStatus, readonly [id: string, color: string]>> = {
  warning: ['warning', 'problemsWarningIcon.foreground'],
  information: ['info', 'problemsInfoIcon.foreground'],
  pass: ['pass', 'testing.iconPassed'],
  unknown: ['question', 'disabledForeground'],
};

/** The list of every run that the configs of the workspace describe; it scans once it is seen. */
export class RunsView extends Disposables implements TreeDataProvider<RunsRow> {
  readonly scan: WorkspaceScan;
  readonly #memory: Memento;
  readonly #view: TreeView<RunsRow>;
  readonly #changed = new EventEmitter<void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #progressShown = false;

  readonly onDidChangeTreeData: Event<void> = this.#changed.event;

  constructor(tree: RunsTree, memory: Memento, log: Log) {
    super();
    this.#memory = memory;
    this.scan = new WorkspaceScan(log);
    this.#view = tree.view;
    const startIfSeen = () => {
      if (this.#view.visible) void this.scan.start();
    };
    this.add(
      this.scan,
      this.#changed,
      tree.fill(this),
      this.#view.onDidChangeVisibility(startIfSeen),
      this.scan.onDidChange(() => this.#scanChanged()),
      { dispose: () => clearTimeout(this.#timer) },
      { dispose: () => void setContext(contextKeys.scanning, undefined) },
    );
    startIfSeen();
  }

  get sort(): SortKey {
    const remembered = this.#memory.get<unknown>('runs.sort');
    return sortKeys.find((key) => key === remembered) ?? 'name';
  }

  get filter(): RunFilter {
    const remembered = this.#memory.get<unknown>('runs.filter');
    if (remembered === 'findings') return remembered;
    const framework =
      typeof remembered === 'object' && remembered !== null && 'framework' in remembered
        ? remembered.framework
        : null;
    return typeof framework === 'string' ? { framework } : 'all';
  }

  /** Sorts and filters from now on, in this workspace. */
  async show({ sort = this.sort, filter = this.filter }: Shown): Promise<void> {
    await this.#memory.update('runs.sort', sort);
    await this.#memory.update('runs.filter', filter);
    this.#draw();
  }

  getChildren(row?: RunsRow): RunsRow[] {
    if (!row) return [...grouped(this.#listed)];
    return 'runs' in row ? [...row.runs] : [];
  }

  getTreeItem(row: RunsRow): TreeItem {
    return 'runs' in row ? groupItem(row) : treeItem(row);
  }

  get #listed(): readonly ScannedRun[] {
    return listed(this.scan.runs, this.sort, this.filter);
  }

  #scanChanged(): void {
    const scanning = this.scan.state.kind === 'scanning';
    if (scanning && !this.#progressShown) this.#showProgress();
    this.#timer ??= setTimeout(() => this.#draw(), redrawEvery);
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#view.message = this.#message();
    this.#view.description = this.sort === 'name' ? '' : sortWords[this.sort].brief;
    this.#changed.fire();
  }

  /** The bar at the top of the view, and the button that cancels, until the scan is over. */
  #showProgress(): void {
    this.#progressShown = true;
    void setContext(contextKeys.scanning, true);
    const over = new Promise<void>((resolve) => {
      const listener = this.scan.onDidChange(() => {
        if (this.scan.state.kind === 'scanning') return;
        listener.dispose();
        resolve();
      });
      this.add(listener, { dispose: resolve });
    });
    void window.withProgress({ location: { viewId: runsViewId } }, () => over);
    void over.then(() => {
      this.#progressShown = false;
      return setContext(contextKeys.scanning, false);
    });
  }

  #message(): string {
    const { state, runs } = this.scan;
    if (state.kind === 'scanning') {
      return state.total === 0
        ? l10n.t('Looking for configs…')
        : l10n.t('Read {0} of {1} files…', exact(state.done), exact(state.total));
    }
    const cancelled =
      state.kind === 'cancelled' ? `${l10n.t('Cancelled: not every file was read.')} ` : '';
    const hidden = runs.length - this.#listed.length;
    const filtered =
      hidden > 0 ? l10n.t('The filter hides {0} of {1} runs.', hidden, runs.length) : '';
    return `${cancelled}${filtered}`;
  }
}

interface Shown {
  readonly sort?: SortKey;
  readonly filter?: RunFilter;
}

/** A group of runs as the tree shows it. */
function groupItem({ group, runs }: ListedGroup<ScannedRun>): TreeItem {
  const item = new TreeItem(groupTitles[group], TreeItemCollapsibleState.Expanded);
  item.id = group;
  item.description = String(runs.length);
  return item;
}

/**
 * A run as the tree shows it, what a narrow side bar cuts last in front; a click reveals the field
 * that its forecast is about.
 */
export function treeItem(scanned: ScannedRun): TreeItem {
  const { file, uri, several, run, runIndex, gapTarget } = scanned;
  const { first, findings, size, status, spoken, details } = runRow(run);
  const name = inert(nameOf(scanned, several));
  const item = new TreeItem(name.replace(configEnding, ''));
  const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')));
  item.id = `${uri.toString()} ${runIndex}`;
  // Without signs between them what is looked for first has room in a narrow side bar.
  const brief = [first, findings, folder].filter((part) => part !== '').join(' ');
  item.description = inert([brief, size].filter((part) => part !== '').join(' · '));
  const [icon, color] = icons[status];
  item.iconPath = new ThemeIcon(icon, new ThemeColor(color));
  const { group, why } = groupOf(run, gapTarget);
  const standing = `${groupTitles[group]}: ${why}`;
  item.tooltip = new MarkdownString(
    [`**${escapeMarkdown(file)}**`, escapeMarkdown(standing), details].join('\n\n'),
  );
  const label = [name, spoken, inert(folder)].filter((part) => part !== '').join(', ');
  item.accessibilityInformation = { label };
  item.contextValue = 'run';
  item.command = openRun(scanned);
  return item;
}

function setContext(key: string, value: unknown): Thenable<unknown> {
  return editor.executeCommand('setContext', key, value);
}
