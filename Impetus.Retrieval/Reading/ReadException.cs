namespace Impetus.Retrieval.Reading;

/// <summary>Why a file could not be read; each has one snake-case name in JSON.</summary>
public enum ReadError
{
    /// <summary>A password is needed.</summary>
    Encrypted,

    /// <summary>The format is ours, the bytes do not follow it.</summary>
    Damaged,

    /// <summary>No bytes at all.</summary>
    Empty,

    /// <summary>Readable, but without a single word: a scan, or white space.</summary>
    NoText,

    /// <summary>Over a limit of <see cref="ReadingLimits"/>.</summary>
    TooLarge,

    /// <summary>XML with a document type definition.</summary>
    UnsafeXml,

    /// <summary>The name claims one format, the bytes are another.</summary>
    WrongType,

    /// <summary>A format that no reader knows.</summary>
    Unsupported,

    /// <summary>A PDF whose fonts do not say which characters their glyphs are.</summary>
    NoUnicode,

    /// <summary>Named as text, and not text.</summary>
    Binary,
}

/// <summary>A file could not be read. The message is a sentence for the person who added it and says what to do.</summary>
public sealed class ReadException : Exception
{
    public ReadException(ReadError error, string message) : base(message) => Error = error;

    public ReadException(ReadError error, string message, Exception inner) : base(message, inner) => Error = error;

    public ReadError Error { get; }

    /// <summary>The error's name in JSON, e.g. <c>no_text</c>.</summary>
    public string Code => NameOf(Error);

    internal static ReadException Encrypted() =>
        new(ReadError.Encrypted, "This document is protected by a password. Remove the password and add it again.");

    internal static ReadException Damaged(string what, Exception? inner = null)
    {
        string message = $"This file is damaged and could not be read: {what}. Open it in the program that made it, save it anew and add it again.";
        return inner is null ? new(ReadError.Damaged, message) : new(ReadError.Damaged, message, inner);
    }

    internal static ReadException UnsafeXml() =>
        new(ReadError.UnsafeXml, "This document contains a document type definition or XML entity definitions, which are not allowed. Save it without them and add it again.");

    internal static ReadException WrongType(string name, string content)
    {
        string extension = Path.GetExtension(name).ToLowerInvariant();
        return new(ReadError.WrongType, $"The content of this file does not match its extension: it is named {extension}, but it is {content}. Rename it and add it again.");
    }

    internal static string NameOf(ReadError error) => error switch
    {
        ReadError.Encrypted => "encrypted",
        ReadError.Damaged => "damaged",
        ReadError.Empty => "empty",
        ReadError.NoText => "no_text",
        ReadError.TooLarge => "too_large",
        ReadError.UnsafeXml => "unsafe_xml",
        ReadError.WrongType => "wrong_type",
        ReadError.Unsupported => "unsupported",
        ReadError.NoUnicode => "no_unicode",
        ReadError.Binary => "binary",
        _ => throw new ArgumentOutOfRangeException(nameof(error)),
    };

    internal static ReadError Parse(string code)
    {
        foreach (ReadError error in Enum.GetValues<ReadError>())
            if (NameOf(error) == code)
                return error;
        throw new FormatException($"No read error is called \"{code}\".");
    }
}
