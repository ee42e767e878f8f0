/** The longest text that is analysed, in UTF-16 units; of a longer one, one sentence is said. */
export const maximumCharacters = 1_000_000;

/** The most bytes that such a text can have: three a UTF-16 unit. */
export const maximumBytes = maximumCharacters * 3;

/** The deepest nesting that is read, in levels; hand-written configs stay below twenty. */
export const maximumDepth = 200;

/** How many values all aliases of a YAML file together may stand for. */
export const maximumAliasedNodes = 100_000;

/** How many syntax problems of one file are kept; the first ones explain the rest. */
export const maximumProblems = 100;
