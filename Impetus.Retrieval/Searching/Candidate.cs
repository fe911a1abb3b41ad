using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Searching;

/// <summary>A chunk that a search considers.</summary>
internal readonly record struct CandidateKey(long Collection, long Chunk);

/// <summary>A ranked chunk with its signals.</summary>
internal sealed record Candidate(CollectionRow Collection, long Chunk, long Document, double Score, SignalScores Scores);

/// <summary>A chunk that was fetched: its row, document and text.</summary>
internal sealed record Passage(Candidate Candidate, ChunkRow Chunk, DocumentRow Document, string Text);
