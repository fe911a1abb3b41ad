namespace Impetus.Engine.Tokenization.AddedTokens;

/// <summary>A token that is recognised in the text before the model sees it.</summary>
/// <param name="SingleWord">Only between non-word characters.</param>
/// <param name="LeftStrip">Takes the white space before it along.</param>
/// <param name="RightStrip">Takes the white space after it along.</param>
/// <param name="Normalized">Looked for in the normalised text, its own content normalised too, rather than in the text as given.</param>
/// <param name="Special">Left out when special tokens are skipped on decoding.</param>
internal sealed record AddedToken(int Id, string Content, bool SingleWord, bool LeftStrip, bool RightStrip, bool Normalized, bool Special);
