package verger.sample;

/**
 * What a point of a surface is made of.
 *
 * @param colour its own colour
 * @param gloss  how much it mirrors: 0 felt, 1 waxed
 * @param rough  how wide its highlights spread, 0.02 sharp to 1 wide
 * @param glow   how far light seeps through it, 0 wood to 1 a cherry
 */
record Material(Colour colour, double gloss, double rough, double glow) {
}
