using Impetus.Retrieval.Indexing.Analysis;

namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>Makes a collection's full text anew from its stored texts: after the analysis has changed, or where damage forbids to take terms out.</summary>
internal static class TermsRebuild
{
    private const string AnalyzerVersion = "analyzer";

    /// <summary>Rebuilds all collections, in one transaction, where the file's terms are another version's.</summary>
    public static void RunIfOutdated(SqliteSession session)
    {
        long version = session.Number("SELECT value FROM settings WHERE name = $1", AnalyzerVersion);
        if (version == TextAnalyzer.Version)
            return;
        session.Execute("BEGIN IMMEDIATE");
        foreach (var collection in CollectionTable.All(session))
            Run(session, collection);
        session.Execute("INSERT OR REPLACE INTO settings(name, value) VALUES($1, $2)", AnalyzerVersion, TextAnalyzer.Version);
        session.Execute("COMMIT");
    }

    /// <summary>Rebuilds one collection; the caller has a transaction open. Chunks whose text is damaged are left out.</summary>
    public static void Run(SqliteSession session, CollectionRow collection)
    {
        LibrarySchema.DropTerms(session, collection.Id);
        LibrarySchema.CreateTerms(session, collection.Id);
        foreach (long id in session.All("SELECT id FROM documents WHERE collection = $1", row => row.GetInt64(0), collection.Id))
        {
            var document = DocumentTable.Find(session, id)!;
            long count = 0;
            foreach (var chunk in ChunkTable.OfDocument(session, id))
            {
                if (TextTable.TryRead(session, id, chunk.Start, chunk.End) is not { } text)
                    continue;
                var terms = ChunkTerms.Of(document.Title, chunk.HeadingPath, text, document.Language);
                ChunkTable.InsertTerms(session, collection, chunk.Id, terms);
                count += terms.Count;
            }
            session.Execute("UPDATE documents SET terms = $2 WHERE id = $1", id, count);
        }
        session.Execute(
            "UPDATE collections SET terms = (SELECT ifnull(sum(terms), 0) FROM documents WHERE collection = $1 AND state = 1) WHERE id = $1",
            collection.Id);
    }
}
