namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>Ids that the outside sees: a prefix and 32 hexadecimal digits, ascending in time.</summary>
internal static class PublicKey
{
    public static string New(string prefix, DateTimeOffset now) => $"{prefix}_{Guid.CreateVersion7(now):N}";
}
