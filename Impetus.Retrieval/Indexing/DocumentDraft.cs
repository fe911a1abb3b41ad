using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Indexing.Analysis;
using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Indexing;

/// <summary>A document on its way into the library: what was read of it, and how far it is written.</summary>
internal sealed class DocumentDraft
{
    private const int MaxTitleLength = 512;

    private readonly DocumentRow _row;
    private readonly CollectionRow _collection;
    private readonly IReadOnlyList<PageRange> _pages;
    private int _codePoints;
    private int _counted;
    private long _terms;

    public DocumentDraft(
        NewDocument document, ChunkSource source, IReadOnlyList<TextChunk> chunks, CollectionRow collection, byte[] sha256, long? job, DateTimeOffset now)
    {
        Text = source.Text;
        Chunks = chunks;
        _collection = collection;
        _pages = source.Pages;
        _row = new DocumentRow(
            0, PublicKey.New("doc", now), collection.Id, DocumentState.Writing, job, document.Name, TitleOf(document, source), document.ContentType,
            sha256, document.Bytes.Length, CodePoints.Count(Text), source.Pages.Count, chunks.Count, 0, LanguageGuess.Of(Text),
            now.ToUnixTimeMilliseconds(), document.Modified?.ToUnixTimeMilliseconds(), JsonText.OfMetadata(document.Metadata),
            JsonText.OfStrings(source.Warnings));
    }

    public string Text { get; }

    public IReadOnlyList<TextChunk> Chunks { get; }

    /// <summary>The row, once its first batch is durable.</summary>
    public long? RowId { get; private set; }

    public byte[] Sha256 => _row.Sha256;

    private string TextOf(TextChunk chunk) => Text[chunk.Start..chunk.End];

    public string EmbeddingTextOf(TextChunk chunk, EmbeddingModel model) =>
        EmbeddingText.Of(model, _row.OwnTitle, chunk.HeadingPath, TextOf(chunk));

    /// <summary>The rows of the next chunks; to be called for each chunk once, in order.</summary>
    public List<(ChunkRow Row, ChunkTerms Terms)> Describe(IReadOnlyList<TextChunk> chunks)
    {
        var rows = new List<(ChunkRow, ChunkTerms)>(chunks.Count);
        foreach (var chunk in chunks)
        {
            string text = TextOf(chunk);
            var terms = ChunkTerms.Of(_row.Title, chunk.HeadingPath, text, _row.Language);
            int first = CodePointAt(chunk.Start);
            rows.Add((
                new ChunkRow(
                    0, 0, chunk.Ordinal, chunk.Start, chunk.End, first, first + CodePoints.Count(text), chunk.FirstPage, chunk.LastPage,
                    ChunkRow.Join(chunk.HeadingPath), chunk.Tokens, RowHash.Of(text)),
                terms));
            _terms += terms.Count;
        }
        return rows;
    }

    /// <summary>Chunks ascend, so counting goes on from the last one.</summary>
    private int CodePointAt(int position)
    {
        _codePoints += CodePoints.Count(Text.AsSpan(_counted, position - _counted));
        _counted = position;
        return _codePoints;
    }

    /// <summary>Takes up a half-written document where its chunks are the first of ours; false where they are not.</summary>
    public bool TryResume(DocumentRow unfinished, List<ChunkRow> written)
    {
        if (unfinished.Collection != _row.Collection || unfinished.Chunks != Chunks.Count || unfinished.Title != _row.Title
            || unfinished.Language != _row.Language || !unfinished.Sha256.AsSpan().SequenceEqual(_row.Sha256))
            return false;
        var ours = Describe([.. Chunks.Take(written.Count)]);
        for (int i = 0; i < written.Count; i++)
        {
            if (i >= ours.Count || written[i] != ours[i].Row with { Id = written[i].Id, Document = written[i].Document })
                return false;
        }
        RowId = unfinished.Id;
        return true;
    }

    /// <summary>Writes a batch of chunks, and the document and its text with the first.</summary>
    public long Write(SqliteSession session, List<(ChunkRow Row, ChunkTerms Terms)> rows, float[][] vectors)
    {
        if (CollectionTable.Find(session, _collection.Id)?.Generation != _collection.Generation)
            throw new CollectionChangedException();
        long id = RowId ?? DocumentTable.Insert(session, _row);
        if (RowId is null)
        {
            TextTable.Insert(session, id, Text);
            PageTable.Insert(session, id, Text, _pages);
        }
        for (int i = 0; i < rows.Count; i++)
            ChunkTable.Insert(session, _collection, rows[i].Row with { Document = id }, rows[i].Terms, vectors[i]);
        return id;
    }

    /// <summary>The batch is durable.</summary>
    public void Committed(long row) => RowId = row;

    /// <summary>Makes the document ready; returns whether another one lost its source to it.</summary>
    public bool Publish(SqliteSession session, long id, string? source)
    {
        session.Execute("UPDATE documents SET terms = $2 WHERE id = $1", id, _terms);
        return DocumentTable.Publish(session, id, source);
    }

    private static string TitleOf(NewDocument document, ChunkSource source)
    {
        string title = FoldedText.WellFormed((document.Title ?? source.Title ?? "").Trim());
        if (title.Length == 0)
            return document.Name;
        return title.Length <= MaxTitleLength ? title : title[..(char.IsHighSurrogate(title[MaxTitleLength - 1]) ? MaxTitleLength - 1 : MaxTitleLength)];
    }
}
