namespace Impetus.Engine.Tokenization.Text;

/// <summary>Where a character of a normalised text came from: UTF-16 positions in the original, the end excluded.</summary>
internal readonly record struct Alignment(int Start, int End);
