using System.Text;
using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Indexing;

namespace Impetus.Retrieval.Tests.Indexing;

/// <summary>A library in a folder of its own that is deleted afterwards. Files are plain text; a form feed begins a page.</summary>
internal sealed class TemporaryLibrary : IAsyncDisposable
{
    private DocumentLibrary? _library;

    private TemporaryLibrary(string folder) => Folder = folder;

    public string Folder { get; }

    public FakeModels Models { get; } = new();

    public DocumentLibrary Library => _library ?? throw new InvalidOperationException("closed");

    public string File => Path.Combine(Folder, "library.db");

    public static async Task<TemporaryLibrary> CreateAsync(Func<LibraryOptions, LibraryOptions>? change = null)
    {
        var library = new TemporaryLibrary(Directory.CreateTempSubdirectory("impetus-library-").FullName);
        await library.OpenAsync(change);
        return library;
    }

    public LibraryOptions Options => new(Folder, Models, ReadAsync);

    public async Task OpenAsync(Func<LibraryOptions, LibraryOptions>? change = null) =>
        _library = await DocumentLibrary.OpenAsync(change is null ? Options : change(Options));

    public async Task CloseAsync()
    {
        await Library.DisposeAsync();
        _library = null;
    }

    public async Task ReopenAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public Task<AddedDocument> AddAsync(string name, string text, string? source = null, string collection = "documents") =>
        Library.AddAsync(Document(name, text) with { Source = source, Collection = collection });

    public static NewDocument Document(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    public static Task<ChunkSource> ReadAsync(NewDocument document, CancellationToken cancellationToken)
    {
        string text = Encoding.UTF8.GetString(document.Bytes.Span);
        if (text.StartsWith("%unreadable", StringComparison.Ordinal))
            throw new LibraryException(LibraryFault.Unreadable, "This file is damaged.") { Code = "damaged" };
        int start = 0;
        var pages = new List<PageRange>();
        foreach (string page in text.Contains('\f') ? text.Split('\f') : [])
        {
            pages.Add(new PageRange(pages.Count + 1, start, start + page.Length));
            start += page.Length + 1;
        }
        return Task.FromResult(new ChunkSource(text) { Pages = pages });
    }

    public async ValueTask DisposeAsync()
    {
        if (_library is not null)
            await _library.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
