import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { Snapshot, ToHost, ToPanel } from '../../src/protocol/messages.ts';
import { panelPage } from '../../src/vscode/panelPage.ts';
import { launchChromium } from '../support/chromium.mjs';
import { dark, type Theme } from './themes.ts';

/** The built panel on a local server, and the browser it is opened in. */
export interface Bench {
  open(options?: OpenOptions): Promise<Panel>;
  /** The minified script and its styles. */
  readonly script: string;
  readonly styles: string;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** What the page brings along. */
  readonly first?: Snapshot;
  /** False: a plain browser without VS Code's function. */
  readonly inVsCode?: boolean;
}

/** One open panel, as its host sees it. */
export interface Panel {
  readonly page: Page;
  send(message: unknown): Promise<void>;
  /** Sends a snapshot and waits for its picture. */
  show(message: ToPanel): Promise<void>;
  posted(): Promise<readonly ToHost[]>;
  /** The next message of a type beyond those already posted when `act` began. */
  afterwards<T extends ToHost['type']>(
    type: T,
    act: () => Promise<void>,
  ): Promise<Extract<ToHost, { type: T }>>;
  applyTheme(theme: Theme): Promise<void>;
  /** Everything the console complained of, and every breach of the content policy. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Builds the panel as it ships, minified, and serves it under the page and policy that ship. */
export async function startBench(): Promise<Bench> {
  const built = await build({
    entryPoints: { panel: 'webview/main.ts', styles: 'webview/styles.css' },
    outdir: 'out',
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'error',
  });
  const text = (ending: string) =>
    built.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
  const files = { script: text('.js'), styles: text('.css') };
  const server = await serve(files);
  const browser = await launchChromium();
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    ...files,
    open: (options = {}) => openPanel(browser, { address, files }, options),
    async close() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Texts of the built panel. */
interface Files {
  readonly script: string;
  readonly styles: string;
}

function pageOf(files: Files, first: Snapshot | null): string {
  return panelPage({ title: 'Trade-offs', first, nonce: '0123456789abcdef', ...files });
}

async function serve(files: Files): Promise<Server> {
  const page = pageOf(files, null);
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
  const server = createServer((request, response) => {
    if (request.url !== '/') {
      response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end();
      return;
    }
    const type = 'text/html; charset=utf-8';
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy });
    response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function openPanel(
  browser: Browser,
  { address, files }: { readonly address: string; readonly files: Files },
  { theme = dark, width = 1200, height = 1200, first, inVsCode = true }: OpenOptions,
): Promise<Panel> {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(prepare, inVsCode);
  await page.addInitScript(paint, theme);
  if (first) {
    const body = pageOf(files, first);
    await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body }));
  }
  await page.goto(address);
  await page.waitForFunction(() => window.posted.length > 0);
  return {
    page,
    complaints,
    send: (message) => page.evaluate((data) => window.postMessage(data, '*'), message),
    async show(message) {
      await page.evaluate((data) => window.postMessage(data, '*'), message);
      await page.waitForSelector('canvas:visible');
    },
    posted: () => page.evaluate(() => window.posted),
    async afterwards(type, act) {
      const before = await page.evaluate(() => window.posted.length);
      await act();
      const found = await page.waitForFunction(
        ([from, wanted]) => window.posted.slice(from).find((each) => each.type === wanted),
        [before, type] as const,
      );
      return (await found.jsonValue()) as Extract<ToHost, { type: typeof type }>;
    },
    applyTheme: (next) => page.evaluate(paint, next),
    close: () => context.close(),
  };
}

declare global {
  interface Window {
    posted: ToHost[];
  }
}

/** Runs in the page before its script: records what the panel posts and what the policy forbids. */
function prepare(inVsCode: boolean): void {
  window.posted = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`),
  );
  window.addEventListener('floatcast:post', (event) => {
    window.posted.push((event as CustomEvent<ToHost>).detail);
  });
  if (!inVsCode) return;
  const api = {
    postMessage: (message: ToHost) => void window.posted.push(message),
    getState: () => JSON.parse(sessionStorage.getItem('vscode') ?? 'null') as unknown,
    setState: (state: unknown) => sessionStorage.setItem('vscode', JSON.stringify(state)),
  };
  Object.assign(window, { acquireVsCodeApi: () => api });
}

/** Runs in the page: puts a theme on as VS Code does. */
function paint(theme: Theme): void {
  const put = (): void => {
    const { style } = document.documentElement;
    for (const name of Array.from(style)) style.removeProperty(name);
    for (const [name, value] of Object.entries(theme.variables)) {
      style.setProperty(`--vscode-${name}`, value);
    }
    document.body.className = theme.bodyClass;
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', put);
  else put();
}
