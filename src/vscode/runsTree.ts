import {
  EventEmitter,
  commands as editor,
  window,
  type Event,
  type TreeDataProvider,
  TreeItem,
  type TreeView,
} from 'vscode';
import { Disposables, type Ends } from './disposables.ts';
import { contextKeys, runsViewId } from './ids.ts';
import type { ListedGroup } from './runList.ts';
import type { ScannedRun } from './workspaceScan.ts';

/** A row of the Runs view: a run, or the group that holds some. */
export type RunsRow = ScannedRun | ListedGroup<ScannedRun>;

/** The place of the Runs view, empty until something fills it. */
export class RunsTree extends Disposables implements TreeDataProvider<RunsRow> {
  readonly view: TreeView<RunsRow>;
  readonly #changed = new EventEmitter<void>();
  #rows: TreeDataProvider<RunsRow> | null = null;

  readonly onDidChangeTreeData: Event<void> = this.#changed.event;

  constructor() {
    super();
    this.view = window.createTreeView(runsViewId, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    void editor.executeCommand('setContext', contextKeys.ready, true);
    this.add(this.#changed, this.view, {
      dispose: () => void editor.executeCommand('setContext', contextKeys.ready, undefined),
    });
  }

  /** Calls `seen` as soon as the view is open. */
  onFirstSeen(seen: () => unknown): Ends {
    if (this.view.visible) seen();
    return this.view.onDidChangeVisibility(({ visible }) => {
      if (visible) seen();
    });
  }

  /** Shows these rows from now on. */
  fill(rows: TreeDataProvider<RunsRow>): Ends {
    this.#rows = rows;
    this.#changed.fire();
    return new Disposables().add(
      ...(rows.onDidChangeTreeData ? [rows.onDidChangeTreeData(() => this.#changed.fire())] : []),
      { dispose: () => (this.#rows = null) },
    );
  }

  getChildren(row?: RunsRow) {
    return this.#rows?.getChildren(row) ?? [];
  }

  getTreeItem(row: RunsRow): TreeItem | Thenable<TreeItem> {
    return this.#rows?.getTreeItem(row) ?? new TreeItem('');
  }
}
