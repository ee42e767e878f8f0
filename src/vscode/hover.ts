import {
  ColorThemeKind,
  Hover,
  MarkdownString,
  languages,
  window,
  type TextDocument,
} from 'vscode';
import { palettes, type Palette } from '../core/present/drawing.ts';
import { documentationPage } from '../core/present/findings.ts';
import { hover } from '../core/present/hover.ts';
import type { Analyses } from './analyses.ts';
import { selector } from './documents.ts';
import { commands, internalCommands } from './ids.ts';
import { commandLink, placeLink } from './links.ts';
import type { Log } from './log.ts';
import { withPageCommands } from './pages.ts';
import type { Ends } from './disposables.ts';

const paletteOf: Readonly<Record<ColorThemeKind, Palette>> = {
  [ColorThemeKind.Dark]: palettes.dark,
  [ColorThemeKind.Light]: palettes.light,
  [ColorThemeKind.HighContrast]: palettes.highContrast,
  [ColorThemeKind.HighContrastLight]: palettes.highContrastLight,
};

/** The commands that a hover's links may run, and no others. */
const enabledCommands = [
  commands.openExplorer,
  commands.optimizePrecision,
  commands.setAssumptions,
  commands.openDocs,
  commands.showForecast,
  internalCommands.goToPlace,
];

/** Answers on every field that N, D or the format rests on. */
export function registerHover(analyses: Analyses, log: Log): Ends {
  return languages.registerHoverProvider(selector, {
    provideHover: (document, position) =>
      log.guard('Hover', document, null, () => provide(document, document.offsetAt(position))),
  });

  async function provide(document: TextDocument, offset: number): Promise<Hover | null> {
    const analysed = await analyses.get(document);
    if (!analysed?.settings.surfaces.hover) return null;
    const uri = document.uri.toString();
    const answer = hover(analysed.analysis, offset, {
      palette: paletteOf[window.activeColorTheme.kind],
      link: (place) => ({
        href: placeLink((file) => analysed.uriOf(file), place),
        line: analysed.rangeOf(place).start.line + 1,
      }),
      command: (id, argument) => {
        switch (id) {
          case 'explorer':
            return commandLink(commands.openExplorer, uri);
          case 'optimise':
            return commandLink(commands.optimizePrecision, uri);
          case 'set':
            return commandLink(commands.setAssumptions, uri);
          case 'reasoning':
            return commandLink(commands.showForecast, uri);
          case 'documentation':
            return argument === undefined
              ? commandLink(commands.openDocs)
              : commandLink(commands.openDocs, documentationPage(argument));
        }
      },
    });
    if (!answer) return null;
    const markdown = new MarkdownString(withPageCommands(answer.markdown));
    markdown.isTrusted = { enabledCommands };
    return new Hover(markdown, analysed.rangeOf(answer.place));
  }
}
