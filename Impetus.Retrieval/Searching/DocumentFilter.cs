using System.Text.Json;

namespace Impetus.Retrieval.Searching;

/// <summary>A condition on documents. Conditions nest at most 8 deep and number at most 64.</summary>
public abstract record DocumentFilter
{
    private protected DocumentFilter()
    {
    }

    /// <summary>Any of these documents.</summary>
    public sealed record Documents(IReadOnlyList<string> Ids) : DocumentFilter;

    /// <summary>Any of these sources.</summary>
    public sealed record Sources(IReadOnlyList<string> Names) : DocumentFilter;

    /// <summary>Modified (or, where that is unknown, added) within <c>[From, To)</c>; null leaves an end open.</summary>
    public sealed record Dates(DateTimeOffset? From, DateTimeOffset? To) : DocumentFilter;

    /// <summary>Compares a member of the user's metadata with a string, number or boolean. An array passes when any of its items does.</summary>
    public sealed record Metadata(string Key, Comparison Comparison, JsonElement Value) : DocumentFilter;

    /// <summary>All conditions.</summary>
    public sealed record All(IReadOnlyList<DocumentFilter> Conditions) : DocumentFilter;

    /// <summary>At least one condition.</summary>
    public sealed record Any(IReadOnlyList<DocumentFilter> Conditions) : DocumentFilter;

    /// <summary>The condition does not hold.</summary>
    public sealed record Not(DocumentFilter Condition) : DocumentFilter;
}

/// <summary>How a value of the metadata is compared.</summary>
public enum Comparison
{
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,

    /// <summary>Equal to any item of an array.</summary>
    In,

    /// <summary>Equal to no item of an array.</summary>
    NotIn,
}
