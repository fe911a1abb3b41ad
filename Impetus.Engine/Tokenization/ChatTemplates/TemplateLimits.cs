namespace Impetus.Engine.Tokenization.ChatTemplates;

/// <summary>
/// Bounds that keep a faulty or hostile template from using up processor, memory or stack. The defaults are far above
/// what published chat templates need for prompts of millions of characters.
/// </summary>
public sealed record TemplateLimits
{
    /// <summary>The defaults.</summary>
    public static TemplateLimits Default { get; } = new();

    /// <summary>Longest template source, in UTF-16 code units.</summary>
    public int MaxTemplateLength { get; init; } = 1 << 20;

    /// <summary>How deep statements and expressions may nest in the source.</summary>
    public int MaxNesting { get; init; } = 200;

    /// <summary>How deep macros, call blocks and recursive loops may call one another.</summary>
    public int MaxCallDepth { get; init; } = 200;

    /// <summary>
    /// How much work one rendering may do: one step for each expression, statement, iteration and element of a list, one
    /// for each 16 code units of text that are built, for each 64 that are searched or compared, and for each 4 that
    /// are looked at one by one.
    /// </summary>
    public long MaxSteps { get; init; } = 10_000_000;

    /// <summary>Longest rendered prompt, and longest text that a template may build on the way, in UTF-16 code units.</summary>
    public int MaxOutputLength { get; init; } = 32 << 20;
}
