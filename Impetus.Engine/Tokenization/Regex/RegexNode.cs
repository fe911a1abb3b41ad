using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Regex;

/// <summary>A regular expression as a tree.</summary>
internal abstract record RegexNode
{
    /// <summary>One code point of a set.</summary>
    public sealed record Set(CodePointSet Members) : RegexNode;

    public sealed record Sequence(IReadOnlyList<RegexNode> Items) : RegexNode;

    /// <summary>The first branch that lets the rest match.</summary>
    public sealed record Alternation(IReadOnlyList<RegexNode> Branches) : RegexNode;

    /// <summary>Repetition; a <paramref name="Max"/> of <see cref="Unbounded"/> has no end.</summary>
    public sealed record Repeat(RegexNode Body, int Min, int Max, Greed Greed) : RegexNode;

    /// <summary>Matches once and gives nothing back.</summary>
    public sealed record Atomic(RegexNode Body) : RegexNode;

    public sealed record Look(RegexNode Body, bool Behind, bool Negative) : RegexNode;

    public sealed record Assert(Assertion Kind) : RegexNode;

    /// <summary>One extended grapheme cluster.</summary>
    public sealed record Grapheme : RegexNode;

    public const int Unbounded = int.MaxValue;

    public static RegexNode Empty { get; } = new Sequence([]);
}

internal enum Greed
{
    Greedy,
    Lazy,
    Possessive,
}

internal enum Assertion
{
    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
    TextEndOrFinalNewline,
    WordBoundary,
    NotWordBoundary,
}
