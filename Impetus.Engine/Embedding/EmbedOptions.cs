namespace Impetus.Engine.Embedding;

/// <summary>How texts are to be embedded.</summary>
public sealed record EmbedOptions
{
    /// <summary>Put before each text as it stands; goes before <see cref="InputType"/>.</summary>
    public string? Prefix { get; init; }

    /// <summary>Chooses one of the model's own prefixes. Null: texts go in bare.</summary>
    public InputType? InputType { get; init; }

    /// <summary>The first so many dimensions, brought to unit length again. Null: all, in the checkpoint's own form.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Whether a text that is too long is cut as the reference cuts it. Otherwise it is an error.</summary>
    public bool Truncate { get; init; } = true;
}

/// <summary>What a text became.</summary>
/// <param name="Vector">Its numbers.</param>
/// <param name="TokenCount">How many tokens were read, special ones included.</param>
/// <param name="Truncated">Whether the text was cut to the model's limit.</param>
public sealed record TextEmbedding(float[] Vector, int TokenCount, bool Truncated);
