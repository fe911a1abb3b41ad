namespace Impetus.Retrieval.Reading.Rtf;

internal enum RtfTokenKind
{
    GroupStart,
    GroupEnd,

    /// <summary>A control word or symbol, with its number where it has one.</summary>
    Control,

    /// <summary>One byte of text, plain or written as <c>\'hh</c>.</summary>
    Byte,
    End,
}

/// <summary>One token of Rich Text.</summary>
internal readonly record struct RtfToken(RtfTokenKind Kind, string Word = "", int? Number = null, byte Value = 0);
