import { readdir } from 'node:fs/promises';
import path from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { configTools, explainFinding, findingTool, type Subject } from '../../core/answers.ts';
import { gather } from '../../core/gather.ts';
import { jsonText } from '../../core/present/plain.ts';
import { overridesOf, type Asked } from '../../core/settings/overrides.ts';
import { analysisSettings } from '../analysisOptions.ts';
import { UsageError } from '../args.ts';
import type { Io } from '../io.ts';
import { OtherFiles } from '../otherFiles.ts';
import { readText } from '../readText.ts';
import { McpServer, StdioServerTransport, z } from './sdk.ts';

const asked = {
  path: z.string().describe('A training config, relative to the working directory.'),
  hardware: z.string().optional().describe('An accelerator id such as h100.'),
  law: z.string().optional().describe('A law id such as capybara.'),
  assume: z
    .array(z.string())
    .optional()
    .describe('What the config does not say: world-size=64, dataset-tokens=15T, var.NAME=value.'),
};

/** Nothing is written, run or fetched by any tool. */
const annotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false };

/** The server with its tools, and the pages of a folder as resources. */
export async function serverFor(io: Io, documentation: string): Promise<McpServer> {
  const server = new McpServer({ name: 'floatcast', version: packageJson.version });
  for (const { name, title, description, answer } of configTools) {
    const about = { title, description, inputSchema: asked, annotations };
    server.registerTool(name, about, (values) =>
      answering(async () => answer(await configOf(values, io))),
    );
  }
  server.registerTool(
    findingTool.name,
    {
      title: findingTool.title,
      description: findingTool.description,
      inputSchema: { id: z.string().describe('A finding id such as critical-data-size.') },
      annotations,
    },
    ({ id }) => answering(() => explain(id, io, documentation)),
  );
  for (const page of await pagesOf(documentation)) {
    const uri = `floatcast://docs/${page}`;
    const about = { title: page.replace(/\.md$/, ''), mimeType: 'text/markdown' };
    server.registerResource(page, uri, about, async () => {
      const read = await readText(documentation, page);
      const text = typeof read === 'object' && 'text' in read ? read.text : '';
      return { contents: [{ uri, mimeType: 'text/markdown', text }] };
    });
  }
  return server;
}

/** Serves on standard input and output until the client hangs up. */
export async function serve(io: Io, documentation: string): Promise<void> {
  const server = await serverFor(io, documentation);
  const closed = new Promise<void>((resolve) => (server.server.onclose = resolve));
  process.stdin.on('end', () => void server.close());
  await server.connect(new StdioServerTransport());
  await closed;
}

/**
 * A config below the working directory, analysed with the files beside it.
 * @throws UsageError when it lies elsewhere or cannot be read.
 */
async function configOf(
  { path: file, ...values }: Asked & { readonly path: string },
  io: Io,
): Promise<Subject> {
  const overrides = overridesOf(values);
  if (typeof overrides === 'string') throw new UsageError(overrides);
  const settings = { ...(await analysisSettings({}, io)), overrides };
  const others = new OtherFiles(io.cwd);
  const relative = path.relative(io.cwd, path.resolve(io.cwd, file)).split(path.sep).join('/');
  // Links followed: what leads out of the working directory is not there.
  const text = await others.near(relative, 'config');
  if (text === null) throw new UsageError(`${file} is no file below the working directory.`);
  const document = { file: relative, text };
  const readAll = async (paths: readonly string[]) =>
    new Map(
      await Promise.all(
        paths.map(async (each) => [each, await others.near(each, 'config')] as const),
      ),
    );
  return { document, settings, ...(await gather(document, settings, readAll, others.trees)) };
}

async function explain(id: string, { cwd }: Io, documentation: string): Promise<unknown> {
  const explained = await explainFinding(id, async (page) => {
    const read = await readText(path.resolve(cwd, documentation), page);
    return typeof read === 'object' && 'text' in read ? read.text : null;
  });
  if (explained !== null) return explained;
  throw new UsageError(`There is no finding “${id}”; floatcast rules lists those of rules.`);
}

/** The pages below a folder, by their paths from it. */
async function pagesOf(folder: string): Promise<readonly string[]> {
  const all = await readdir(folder, { recursive: true }).catch(() => []);
  return all
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => name.endsWith('.md'))
    .sort();
}

/** An answer as text of JSON; what cannot be answered is said, and marked as an error. */
async function answering(answer: () => unknown) {
  try {
    return { content: [{ type: 'text' as const, text: jsonText(await answer()) }] };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { content: [{ type: 'text' as const, text }], isError: true };
  }
}
