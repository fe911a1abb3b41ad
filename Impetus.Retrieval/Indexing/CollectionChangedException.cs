namespace Impetus.Retrieval.Indexing;

/// <summary>The collection was embedded anew or deleted while a document was on its way into it: the way begins again.</summary>
internal sealed class CollectionChangedException : Exception;
