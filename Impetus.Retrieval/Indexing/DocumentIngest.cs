using System.Security.Cryptography;
using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Indexing.Analysis;
using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Indexing;

/// <summary>Told how many chunks a document has, and of each batch that is durable.</summary>
internal interface IIngestObserver
{
    void Chunked(int chunks);

    void Written(int chunks);
}

/// <summary>A document that was added, and its row.</summary>
internal readonly record struct IngestResult(AddedDocument Added, long Row);

/// <summary>
/// The way of one document: read, chunk, embed, write. Each batch of chunks is a commit; the last one makes the document ready. A document of
/// a durable job that was interrupted goes on after its last batch.
/// </summary>
internal sealed class DocumentIngest(LibraryDatabase database, LibraryOptions options, EmbeddingBatchers embedders, SearchPriority searches)
{
    /// <summary>Adds the document, which <paramref name="job"/> (a row id) can take up again after a crash.</summary>
    /// <param name="published">Runs in the transaction that makes the document ready, or finds it there.</param>
    public async Task<IngestResult> AddAsync(
        NewDocument document, CollectionRow collection, long? job, IIngestObserver? observer, Action<SqliteSession, AddedDocument>? published,
        CancellationToken cancellationToken)
    {
        byte[] sha256 = SHA256.HashData(document.Bytes.Span);
        if (database.Read(session => DocumentTable.FindContent(session, collection.Id, sha256)) is not null
            && await database.Writer.RunAsync(session => Reuse(session, document, collection, sha256, published), cancellationToken)
                .ConfigureAwait(false) is { } known)
            return known;

        var model = await embedders.ModelAsync(collection.Name, collection.Model, collection.Dimensions, cancellationToken).ConfigureAwait(false);
        var source = await ReadAsync(document, cancellationToken).ConfigureAwait(false);
        bool hasHeader = source.Headings.Count > 0 || !string.IsNullOrWhiteSpace(document.Title ?? source.Title);
        int room = Math.Max(8, model.MaxTokens - (hasHeader ? EmbeddingText.HeaderTokens : 0));
        var chunking = collection.Chunking with { MaxTokens = Math.Min(collection.Chunking.MaxTokens, room) };
        var chunks = new Chunker(model.Tokens, chunking).Chunk(source);
        observer?.Chunked(chunks.Count);

        var draft = new DocumentDraft(document, source, chunks, collection, sha256, job, options.Clock.GetUtcNow());
        try
        {
            int written = job is { } id ? await ResumeAsync(draft, id, cancellationToken).ConfigureAwait(false) : 0;
            observer?.Written(written);
            return await WriteAsync(
                draft, written, model, observer, (session, row) => Publish(session, draft, row, document, collection, published), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (job is null || e is not OperationCanceledException)
        {
            if (draft.RowId is { } row)
                await database.Writer.RunAsync(session => Abandon(session, row), CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<ChunkSource> ReadAsync(NewDocument document, CancellationToken cancellationToken)
    {
        var source = await options.Reader(document, cancellationToken).ConfigureAwait(false);
        if (string.IsNullOrWhiteSpace(source.Text))
            throw new LibraryException(LibraryFault.Unreadable, $"{document.Name} holds no text.") { Code = "no_text" };
        if (source.Text.Length > options.MaxTextLength)
        {
            throw new LibraryException(
                LibraryFault.TooLarge,
                $"The text of {document.Name} has {source.Text.Length:N0} characters; the limit is {options.MaxTextLength:N0}. Split the file.")
            { Code = "too_large" };
        }
        return source with { Text = FoldedText.WellFormed(source.Text) };
    }

    /// <summary>The number of chunks that an earlier run of the job has written.</summary>
    private async Task<int> ResumeAsync(DocumentDraft draft, long job, CancellationToken cancellationToken)
    {
        var unfinished = database.Read(session => DocumentTable.FindUnfinished(session, job));
        if (unfinished is null)
            return 0;
        var written = database.Read(session => ChunkTable.OfDocument(session, unfinished.Id));
        if (draft.TryResume(unfinished, written))
            return written.Count;
        await database.Writer.RunAsync(session => Abandon(session, unfinished.Id), cancellationToken).ConfigureAwait(false);
        return 0;
    }

    private async Task<IngestResult> WriteAsync(
        DocumentDraft draft, int written, EmbeddingModel model, IIngestObserver? observer, Func<SqliteSession, long, IngestResult> publish,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            await searches.GiveWayAsync(cancellationToken).ConfigureAwait(false);
            TextChunk[] batch = [.. draft.Chunks.Skip(written).Take(EmbeddingBatcher.MaxTexts)];
            float[][] vectors = batch.Length == 0
                ? []
                : await embedders.EmbedAsync(model, [.. batch.Select(chunk => draft.EmbeddingTextOf(chunk, model))], cancellationToken).ConfigureAwait(false);
            var rows = draft.Describe(batch);
            written += batch.Length;
            if (written == draft.Chunks.Count)
            {
                var result = await database.Writer.RunAsync(session => publish(session, draft.Write(session, rows, vectors)), cancellationToken)
                    .ConfigureAwait(false);
                observer?.Written(batch.Length);
                return result;
            }
            draft.Committed(await database.Writer.RunAsync(session => draft.Write(session, rows, vectors), cancellationToken).ConfigureAwait(false));
            observer?.Written(batch.Length);
        }
    }

    private static IngestResult Publish(
        SqliteSession session, DocumentDraft draft, long row, NewDocument document, CollectionRow collection,
        Action<SqliteSession, AddedDocument>? published)
    {
        // The same bytes may have arrived twice at once: the first is the one.
        if (Reuse(session, document, collection, draft.Sha256, published) is { } known)
        {
            Abandon(session, row);
            return known;
        }
        bool replaced = draft.Publish(session, row, document.Source);
        return Result(session, row, replaced ? AddOutcome.Replaced : AddOutcome.Created, published);
    }

    /// <summary>The document with the same bytes, if the collection has one: its source and metadata are brought up to date.</summary>
    private static IngestResult? Reuse(
        SqliteSession session, NewDocument document, CollectionRow collection, byte[] sha256, Action<SqliteSession, AddedDocument>? published)
    {
        if (DocumentTable.FindContent(session, collection.Id, sha256) is not { } row)
            return null;
        if (document.Source is { } source)
            DocumentTable.Attach(session, row, source);
        if (JsonText.OfMetadata(document.Metadata) is { } metadata)
            session.Execute("UPDATE documents SET metadata = $2 WHERE id = $1", row.Id, metadata);
        return Result(session, row.Id, AddOutcome.Unchanged, published);
    }

    private static IngestResult Result(
        SqliteSession session, long row, AddOutcome outcome, Action<SqliteSession, AddedDocument>? published)
    {
        var added = new AddedDocument(DocumentTable.ToPublic(session, DocumentTable.Find(session, row)!), outcome);
        published?.Invoke(session, added);
        return new IngestResult(added, row);
    }

    private static void Abandon(SqliteSession session, long row)
    {
        if (DocumentTable.Find(session, row) is { State: DocumentState.Writing } unfinished)
            DocumentTable.Delete(session, unfinished);
    }
}
