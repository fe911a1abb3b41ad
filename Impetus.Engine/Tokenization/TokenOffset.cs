namespace Impetus.Engine.Tokenization;

/// <summary>The range of a text that a token stands for, in Unicode code points, the end excluded; 0 to 0 for an added token.</summary>
public readonly record struct TokenOffset(int Start, int End);
