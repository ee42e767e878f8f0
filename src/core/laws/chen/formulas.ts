/**
 * The formulas of "Scaling Law for Quantization-Aware Training" (arXiv 2505.14302) in the paper's
 * letters: δ(N, D, G) = k·D^γD·(log2 G)^γG / N^γN over the base A/N^α + B/D^β + E. N parameters,
 * D tokens, G values that share a scale; losses in nats per token.
 */

/**
 * The settings of table 1: bits of weights and of activations. `Fc2`: the input of the second
 * matrix of the MLP, the down projection, stays in 8 bits.
 */
export type ChenSetting = 'W4A4' | 'W4A16' | 'W16A4' | 'W4A4Fc2' | 'W16A4Fc2';

type Letter = 'k' | 'gammaN' | 'gammaD' | 'gammaG';

/** The base's five constants, and four of every setting by the setting's name: `kW4A4`. */
export type ChenConstants = Readonly<
  Record<'A' | 'alpha' | 'B' | 'beta' | 'E' | `${Letter}${ChenSetting}`, number>
>;

/** The published fit, table 1 (the text has γG .9821 and .4471 where the table has .9812, .4491). */
export const chenConstants: ChenConstants = {
  ...{ A: 237.7042, alpha: 0.3022, B: 596.249, beta: 0.3022, E: 1.9279 },
  ...{ kW4A4: 0.1582, gammaNW4A4: 0.2186, gammaDW4A4: 0.0745, gammaGW4A4: 0.7779 },
  ...{ kW4A16: 0.2522, gammaNW4A16: 0.3589, gammaDW4A16: 0.161, gammaGW4A16: 0.3533 },
  ...{ kW16A4: 0.1004, gammaNW16A4: 0.1816, gammaDW16A4: 0.0331, gammaGW16A4: 0.9812 },
  ...{ kW4A4Fc2: 0.3519, gammaNW4A4Fc2: 0.2637, gammaDW4A4Fc2: 0.0964, gammaGW4A4Fc2: 0.3407 },
  ...{ kW16A4Fc2: 0.1273, gammaNW16A4Fc2: 0.2347, gammaDW16A4Fc2: 0.0827, gammaGW16A4Fc2: 0.4491 },
};

/** The four constants of a setting. */
export function settingConstants(
  setting: ChenSetting,
  c = chenConstants,
): Readonly<Record<Letter, number>> {
  return {
    k: c[`k${setting}` as const],
    gammaN: c[`gammaN${setting}` as const],
    gammaD: c[`gammaD${setting}` as const],
    gammaG: c[`gammaG${setting}` as const],
  };
}

/** A/N^α + B/D^β + E: the loss without quantisation. */
export function chenBaseLoss(N: number, D: number, c = chenConstants): number {
  return c.A / N ** c.alpha + c.B / D ** c.beta + c.E;
}

/** δ(N, D, G): what a setting adds to the base. */
export function chenGap(
  setting: ChenSetting,
  N: number,
  D: number,
  log2G: number,
  c = chenConstants,
): number {
  const { k, gammaN, gammaD, gammaG } = settingConstants(setting, c);
  return (k * D ** gammaD * log2G ** gammaG) / N ** gammaN;
}

/**
 * D_crit (derived; the paper states none): where β·B/D^β = γD·δ, that is
 * [β·B·N^γN / (γD·k·(log2 G)^γG)]^(1/(β+γD)). Null where δ does not grow with D.
 */
export function chenCriticalTokens(
  setting: ChenSetting,
  N: number,
  log2G: number,
  c = chenConstants,
): number | null {
  const { k, gammaN, gammaD, gammaG } = settingConstants(setting, c);
  const growth = gammaD * k * log2G ** gammaG;
  return growth > 0 ? ((c.beta * c.B * N ** gammaN) / growth) ** (1 / (c.beta + gammaD)) : null;
}
