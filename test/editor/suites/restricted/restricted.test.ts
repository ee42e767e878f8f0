import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { fitsALaw } from '../calibrating.ts';
import { closeAll, lenses, open, untilFindings } from '../support.ts';

describe('in Restricted Mode', () => {
  afterEach(closeAll);

  it('shows the forecast: nothing of the workspace is run', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const document = await open('torchtitan/mxfp4.toml');
    assert.equal((await lenses(document.uri)).length, 4);
    await untilFindings(document.uri, ['gap-above-target', 'critical-data-size']);
  });

  it('fits a law to measured runs, and forecasts with it', fitsALaw);
});
