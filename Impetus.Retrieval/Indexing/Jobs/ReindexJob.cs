using Impetus.Retrieval.Indexing.Storage;
using Impetus.Retrieval.Searching.Dense;

namespace Impetus.Retrieval.Indexing.Jobs;

/// <summary>
/// Embeds a collection's chunks anew into the next generation's table. Interrupted, it goes on with what that table lacks. The last
/// transaction finds nothing lacking and makes the new table the current one.
/// </summary>
internal sealed class ReindexJob(LibraryDatabase database, EmbeddingBatchers embedders, DenseIndexes indexes)
{
    public static string Request(string model) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("model", model);
        writer.WriteEndObject();
    });

    public async Task RunAsync(LiveJob job, CancellationToken cancellationToken)
    {
        string id = JsonText.ToElement(job.Row.Request)!.Value.GetProperty("model").GetString()!;
        var model = await embedders.FindAsync(id, cancellationToken).ConfigureAwait(false);
        var collection = database.Read(session => CollectionTable.Find(session, job.Row.Collection))
            ?? throw new LibraryException(LibraryFault.NotFound, $"There is no collection \"{job.Row.Collection}\" any longer.");
        long generation = collection.Generation + 1;
        string table = LibrarySchema.Vectors(collection.Id, generation);
        await database.Writer.RunAsync(session => LibrarySchema.CreateVectors(session, collection.Id, generation), cancellationToken).ConfigureAwait(false);
        await ForgetOtherModelAsync(collection, table, model, cancellationToken).ConfigureAwait(false);
        job.Expect(collection.Documents, collection.Chunks);
        job.Skipped((int)database.Read(session => session.Number($"SELECT count(*) FROM {table}")));
        do
            await EmbedMissingAsync(collection, table, model, job, cancellationToken).ConfigureAwait(false);
        while (!await database.Writer.RunAsync(session => TrySwap(session, collection, generation, table, model), cancellationToken).ConfigureAwait(false));
        indexes.Forget(collection.Id, generation);
    }

    /// <summary>An interrupted run towards another model may have left vectors of another length.</summary>
    private Task ForgetOtherModelAsync(CollectionRow collection, string table, EmbeddingModel model, CancellationToken cancellationToken) =>
        database.Writer.RunAsync(
            session =>
            {
                string key = $"reindex_{collection.Id}";
                long wanted = RowHash.Of(model.Id);
                if (session.Number("SELECT value FROM settings WHERE name = $1", key) != wanted)
                    session.Execute($"DELETE FROM {table}");
                session.Execute("INSERT OR REPLACE INTO settings(name, value) VALUES($1, $2)", key, wanted);
            },
            cancellationToken);

    private async Task EmbedMissingAsync(
        CollectionRow collection, string table, EmbeddingModel model, LiveJob job, CancellationToken cancellationToken)
    {
        for (long after = 0; ;)
        {
            var batch = database.Read(session => Missing(session, collection.Id, table, after, EmbeddingBatcher.MaxTexts).ConvertAll(chunk => (
                chunk.Id, chunk.Document, Text: EmbeddingText.Of(
                    model, DocumentTable.Find(session, chunk.Document)!.OwnTitle, chunk.HeadingPath,
                    TextTable.Read(session, chunk.Document, chunk.Start, chunk.End)))));
            if (batch.Count == 0)
                return;
            float[][] vectors = await embedders.EmbedAsync(model, [.. batch.Select(chunk => chunk.Text)], cancellationToken).ConfigureAwait(false);
            await database.Writer.RunAsync(
                session =>
                {
                    for (int i = 0; i < batch.Count; i++)
                        ChunkTable.InsertVector(session, table, batch[i].Id, batch[i].Document, vectors[i]);
                },
                cancellationToken).ConfigureAwait(false);
            job.Written(batch.Count);
            after = batch[^1].Id;
        }
    }

    private static List<ChunkRow> Missing(SqliteSession session, long collection, string table, long after, int limit) => ChunkTable.Where(
        session,
        $"""
        JOIN documents d ON d.id = k.document LEFT JOIN {table} v ON v.chunk = k.id
        WHERE k.id > $2 AND d.collection = $1 AND d.state < 2 AND v.chunk IS NULL ORDER BY k.id LIMIT $3
        """,
        collection, after, limit);

    /// <summary>False where documents have come in meanwhile.</summary>
    private static bool TrySwap(SqliteSession session, CollectionRow collection, long generation, string table, EmbeddingModel model)
    {
        if (CollectionTable.Find(session, collection.Id) is null)
            throw new LibraryException(LibraryFault.NotFound, $"The collection \"{collection.Name}\" was deleted meanwhile.");
        if (Missing(session, collection.Id, table, after: 0, limit: 1).Count > 0)
            return false;
        session.Execute($"DELETE FROM {table} WHERE chunk NOT IN (SELECT id FROM chunks)");
        session.Execute(
            "UPDATE collections SET model = $2, dimensions = $3, generation = $4 WHERE id = $1", collection.Id, model.Id, model.Dimensions, generation);
        session.Execute("DELETE FROM settings WHERE name = $1", $"reindex_{collection.Id}");
        LibrarySchema.DropVectors(session, collection.Id, collection.Generation);
        return true;
    }
}
