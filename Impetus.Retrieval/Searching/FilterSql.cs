using System.Text;
using System.Text.Json;
using Impetus.Retrieval.Indexing;

namespace Impetus.Retrieval.Searching;

/// <summary>A <see cref="DocumentFilter"/> as a condition on <c>documents d</c>. All that users say is bound, never spliced.</summary>
internal sealed class FilterSql
{
    private const int MaxConditions = 64;
    private const int MaxDepth = 8;
    private const int MaxItems = 1_000;

    private readonly StringBuilder _sql = new();
    private readonly List<object?> _arguments;
    private int _conditions;

    private FilterSql(List<object?> arguments) => _arguments = arguments;

    /// <summary>The condition; its arguments are appended to <paramref name="arguments"/>, which may hold earlier ones.</summary>
    public static string Of(DocumentFilter filter, List<object?> arguments)
    {
        var sql = new FilterSql(arguments);
        sql.Append(filter, depth: 1);
        return sql._sql.ToString();
    }

    private void Append(DocumentFilter filter, int depth)
    {
        if (++_conditions > MaxConditions || depth > MaxDepth)
            throw Invalid($"A filter may have {MaxConditions} conditions, nested {MaxDepth} deep.");
        switch (filter)
        {
            case DocumentFilter.Documents documents:
                AppendIn("d.key IN (SELECT value FROM json_each(", documents.Ids, "))");
                break;
            case DocumentFilter.Sources sources:
                AppendIn("d.id IN (SELECT document FROM sources WHERE source IN (SELECT value FROM json_each(", sources.Names, ")))");
                break;
            case DocumentFilter.Dates dates:
                _sql.Append("(coalesce(d.modified, d.created) >= ").Append(Bind(dates.From?.ToUnixTimeMilliseconds() ?? long.MinValue))
                    .Append(" AND coalesce(d.modified, d.created) < ").Append(Bind(dates.To?.ToUnixTimeMilliseconds() ?? long.MaxValue)).Append(')');
                break;
            case DocumentFilter.Metadata metadata:
                Append(metadata);
                break;
            case DocumentFilter.All all:
                AppendJoined(all.Conditions, " AND ", "1", depth);
                break;
            case DocumentFilter.Any any:
                AppendJoined(any.Conditions, " OR ", "0", depth);
                break;
            case DocumentFilter.Not not:
                _sql.Append("NOT ");
                Append(not.Condition, depth + 1);
                break;
            default:
                throw Invalid("Unknown filter.");
        }
    }

    private void AppendJoined(IReadOnlyList<DocumentFilter> conditions, string operation, string empty, int depth)
    {
        _sql.Append('(');
        for (int i = 0; i < conditions.Count; i++)
        {
            if (i > 0)
                _sql.Append(operation);
            Append(conditions[i], depth + 1);
        }
        _sql.Append(conditions.Count == 0 ? empty : "").Append(')');
    }

    private void AppendIn(string before, IReadOnlyList<string> items, string after)
    {
        if (items.Count > MaxItems)
            throw Invalid($"A filter may list {MaxItems:N0} items.");
        _sql.Append(before).Append(Bind(Indexing.Storage.JsonText.OfStrings(items) ?? "[]")).Append(after);
    }

    /// <summary>Compares the member itself, or each item where it is an array. Numbers compare with numbers only, and text with text.</summary>
    private void Append(DocumentFilter.Metadata filter)
    {
        bool isNegated = filter.Comparison is Comparison.NotEqual or Comparison.NotIn;
        string key = Bind(filter.Key);
        string test = Test(filter);
        _sql.Append(isNegated ? "NOT " : "")
            .Append("EXISTS(SELECT 1 FROM json_each(d.metadata) m WHERE m.key = ").Append(key)
            .Append(" AND CASE m.type WHEN 'array' THEN EXISTS(SELECT 1 FROM json_each(m.value) v WHERE ").Append(test.Replace("?.", "v.", StringComparison.Ordinal))
            .Append(") ELSE ").Append(test.Replace("?.", "m.", StringComparison.Ordinal)).Append(" END)");
    }

    private string Test(DocumentFilter.Metadata filter)
    {
        if (filter.Comparison is Comparison.In or Comparison.NotIn)
        {
            if (filter.Value.ValueKind != JsonValueKind.Array || filter.Value.GetArrayLength() > MaxItems)
                throw Invalid($"The filter on \"{filter.Key}\" needs an array of at most {MaxItems:N0} values.");
            string[] tests = [.. filter.Value.EnumerateArray().Select(value => Test(filter.Key, "=", value))];
            return tests.Length == 0 ? "0" : $"({string.Join(" OR ", tests)})";
        }
        return Test(
            filter.Key,
            filter.Comparison switch
            {
                Comparison.Equal or Comparison.NotEqual => "=",
                Comparison.Greater => ">",
                Comparison.GreaterOrEqual => ">=",
                Comparison.Less => "<",
                _ => "<=",
            },
            filter.Value);
    }

    private string Test(string key, string operation, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => $"(?.type = 'text' AND ?.value {operation} {Bind(value.GetString())})",
        JsonValueKind.Number => $"(?.type IN ('integer', 'real') AND ?.value {operation} {Bind(value.GetDouble())})",
        JsonValueKind.True or JsonValueKind.False => $"(?.type = '{(value.GetBoolean() ? "true" : "false")}')",
        JsonValueKind.Null => "(?.type = 'null')",
        _ => throw Invalid($"The filter on \"{key}\" needs a string, number or boolean."),
    };

    private string Bind(object? value)
    {
        _arguments.Add(value);
        return $"${_arguments.Count}";
    }

    private static LibraryException Invalid(string message) => new(LibraryFault.InvalidRequest, message);
}
