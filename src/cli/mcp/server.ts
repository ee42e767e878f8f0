import { readdir } from 'node:fs/promises';
import path from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { checks } from '../../core/checks/registry.ts';
import { gather } from '../../core/gather.ts';
import { optimise } from '../../core/optimise.ts';
import { documentationUrl } from '../../core/present/findings.ts';
import { checkJson } from '../../core/present/json.ts';
import { planJson } from '../../core/present/planJson.ts';
import { jsonText } from '../../core/present/plain.ts';
import { ruleById } from '../../core/rules/registry.ts';
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

interface Asked {
  readonly path: string;
  readonly hardware?: string | undefined;
  readonly law?: string | undefined;
  readonly assume?: string[] | undefined;
}

/** Nothing is written, run or fetched by any tool. */
const annotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false };

/** The server with its tools, and the pages of a folder as resources. */
export async function serverFor(io: Io, documentation: string): Promise<McpServer> {
  const server = new McpServer({ name: 'floatcast', version: packageJson.version });
  const tool = (
    name: string,
    title: string,
    description: string,
    answer: (config: Config) => unknown,
  ) => {
    server.registerTool(name, { title, description, inputSchema: asked, annotations }, (values) =>
      answering(async () => answer(await configOf(values, io))),
    );
  };
  tool(
    'forecast_config',
    'Forecast a training config',
    'Predicted loss, gap to BF16, critical data size, verdict and findings of a config, as floatcast check --json prints them.',
    ({ analysis }) => checkJson(analysis),
  );
  tool(
    'rank_formats',
    'Rank number formats',
    'Number formats for the runs of a config, as floatcast optimize --json prints them: gap, speed, memory, and the edits that write each.',
    ({ analysis, document, files, settings }) =>
      analysis.runs.flatMap((_, index) => {
        const plan = optimise(document, settings, index, files);
        const textOf = (file: string) =>
          file === document.file ? document.text : (files.get(file) ?? '');
        return plan ? [planJson(document.file, plan, textOf)] : [];
      }),
  );
  tool(
    'estimate_memory',
    'Estimate memory, time and operations',
    'Memory by part and device, FLOP, hours and money of the runs of a config, and what is missing for them.',
    ({ analysis }) =>
      checkJson(analysis).map(({ file, name, role, resources }) => ({
        file,
        name,
        role,
        resources,
      })),
  );
  server.registerTool(
    'explain_finding',
    {
      title: 'Explain a finding',
      description: 'What a finding id means, why it matters, what to do, and its sources.',
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

interface Config {
  readonly document: { readonly file: string; readonly text: string };
  readonly settings: Awaited<ReturnType<typeof analysisSettings>>;
  readonly analysis: Awaited<ReturnType<typeof gather>>['analysis'];
  readonly files: Awaited<ReturnType<typeof gather>>['files'];
}

/**
 * A config below the working directory, analysed with the files beside it.
 * @throws UsageError when it lies elsewhere or cannot be read.
 */
async function configOf({ path: file, hardware, law, assume }: Asked, io: Io): Promise<Config> {
  const settings = await analysisSettings(
    {
      ...(hardware !== undefined && { hardware }),
      ...(law !== undefined && { law }),
      ...(assume && { assume }),
    },
    io,
  );
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
  const rule = ruleById(id);
  const check = checks.find((each) => each.id === id);
  if (rule) {
    const { title, severity, message, remedy, sources, frameworks } = rule;
    const url = documentationUrl(id, 'recipe-rules');
    return { id, title, severity, frameworks, message, remedy, sources, url };
  }
  if (!check)
    throw new UsageError(`There is no finding “${id}”; floatcast rules lists those of rules.`);
  const read = await readText(path.resolve(cwd, documentation), `checks/${id}.md`);
  const page = typeof read === 'object' && 'text' in read ? read.text : null;
  return { id, severity: check.severity, summary: check.summary, page, url: documentationUrl(id) };
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
