using System.Globalization;
using Impetus.Retrieval;
using Impetus.Retrieval.Indexing;
using Impetus.Server.Http;

namespace Impetus.Server.Documents.VectorStores;

/// <summary>A vector store is a collection; its id is the collection's number, which stays when the name changes.</summary>
internal static class StoreId
{
    private const string Prefix = "vs_";
    private const int Digits = 24;

    public static string Of(Collection collection) => Prefix + collection.Number.ToString($"x{Digits}", CultureInfo.InvariantCulture);

    /// <summary>The collection of the store that a request's path names.</summary>
    /// <exception cref="ApiException">There is none (404).</exception>
    public static Collection Find(DocumentLibrary library, HttpContext context)
    {
        string id = (string)context.GetRouteValue("store")!;
        return id.Length == Prefix.Length + Digits && id.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(id.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long number)
            && library.FindCollection(number) is { } collection
                ? collection
                : throw new ApiException(
                    StatusCodes.Status404NotFound, $"There is no vector store '{id}'. GET /v1/vector_stores lists those that are here.", "not_found", "vector_store_id");
    }
}
