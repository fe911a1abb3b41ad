using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Indexing.Storage;

namespace Impetus.Retrieval.Searching.Dense;

/// <summary>The dense index of each collection, loaded when it is first searched, then kept up with the file.</summary>
internal sealed class DenseIndexes(LibraryDatabase database)
{
    private readonly ConcurrentDictionary<(long Collection, long Generation), Lazy<DenseIndex>> _indexes = new();
    private readonly ConcurrentDictionary<(long Collection, long Generation), DenseIndex> _growing = new();

    /// <summary>The collection's index, whole.</summary>
    public DenseIndex Get(CollectionRow collection)
    {
        var key = (collection.Id, collection.Generation);
        try
        {
            return _indexes.GetOrAdd(key, _ => new Lazy<DenseIndex>(() => Load(collection))).Value;
        }
        catch
        {
            // A Lazy would remember the fault.
            _indexes.TryRemove(key, out _);
            throw;
        }
    }

    /// <summary>A document became ready.</summary>
    public void Added(CollectionRow collection, long document)
    {
        if (!_growing.TryGetValue((collection.Id, collection.Generation), out var index))
            return;
        var chunks = database.Read(session => session.All(
            $"SELECT v.chunk, v.vector FROM chunks k JOIN {collection.VectorsTable} v ON v.chunk = k.id WHERE k.document = $1",
            row => (row.GetInt64(0), Floats((byte[])row.GetValue(1))),
            document));
        index.Add(document, chunks);
    }

    /// <summary>A document was deleted.</summary>
    public void Removed(long collection, long document)
    {
        foreach (var (key, index) in _growing)
        {
            if (key.Collection == collection)
                index.Remove(document);
        }
    }

    /// <summary>Forgets a collection's indexes, or all but one generation of them.</summary>
    public void Forget(long collection, long? butGeneration = null)
    {
        foreach (var key in _indexes.Keys.Where(key => key.Collection == collection && key.Generation != butGeneration))
        {
            _indexes.TryRemove(key, out _);
            _growing.TryRemove(key, out _);
        }
    }

    /// <summary>
    /// Changes reach the index from before the snapshot is taken that the load reads; adding a document twice, or after its deletion, does
    /// nothing. So none is missed and none comes back.
    /// </summary>
    private DenseIndex Load(CollectionRow collection)
    {
        var index = new DenseIndex(collection.Dimensions);
        _growing[(collection.Id, collection.Generation)] = index;
        database.Read(session =>
        {
            var ready = session.All("SELECT id FROM documents WHERE collection = $1 AND state = 1", row => row.GetInt64(0), collection.Id).ToHashSet();
            session.Each(
                $"SELECT chunk, document, vector, hash FROM {collection.VectorsTable} ORDER BY chunk",
                row =>
                {
                    // SQLite's own memory, good until the next row: a library has a gigabyte of vectors, which need not be copied twice.
                    var bytes = SQLitePCL.raw.sqlite3_column_blob(row.Handle, 2);
                    if (ready.Contains(row.GetInt64(1)) && bytes.Length == collection.Dimensions * sizeof(float) && RowHash.Of(bytes) == row.GetInt64(3))
                        index.Load(row.GetInt64(1), row.GetInt64(0), MemoryMarshal.Cast<byte, float>(bytes));
                });
            return true;
        });
        return index;
    }

    private static float[] Floats(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();
}
