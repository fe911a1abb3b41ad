using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Searching;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Impetus.Retrieval.Indexing;

/// <summary>What a library needs from outside, and its limits.</summary>
/// <param name="Folder">The folder of the library; made where it does not exist.</param>
/// <param name="Models">Finds embedding models.</param>
/// <param name="Reader">Turns files into text.</param>
public sealed record LibraryOptions(string Folder, IEmbeddingModels Models, DocumentReader Reader)
{
    /// <summary>The reranker for searches that ask for one.</summary>
    public IReranker? Reranker { get; init; }

    /// <summary>How documents are cut unless their collection says otherwise.</summary>
    public ChunkingOptions Chunking { get; init; } = new();

    /// <summary>The largest file, in bytes.</summary>
    public long MaxFileBytes { get; init; } = 256L << 20;

    /// <summary>The longest extracted text, in UTF-16 code units.</summary>
    public int MaxTextLength { get; init; } = 64 << 20;

    /// <summary>The most jobs that wait; more are refused as <see cref="LibraryFault.Busy"/>.</summary>
    public int MaxQueuedJobs { get; init; } = 10_000;

    /// <summary>Documents of a job that are worked on at once.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>Where faults go that no caller waits for.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
