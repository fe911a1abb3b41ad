namespace Impetus.Retrieval.Searching.Dense;

/// <summary>
/// The vectors of one collection in memory, one byte a dimension, searched exactly by two threads. Thread-safe: searches run beside
/// changes. While it is being loaded, documents come and go as well; each is added once, and a deleted one does not come back.
/// </summary>
internal sealed class DenseIndex(int dimensions)
{
    private const int Threads = 2;
    private const int ParallelFrom = 4 * Segment.Capacity;

    private readonly Lock _change = new();
    private readonly HashSet<long> _documents = [];
    private readonly HashSet<long> _loading = [];
    private readonly HashSet<long> _deleted = [];
    private volatile Segment[] _segments = [];
    private int _rows;
    private int _dead;

    public int Dimensions { get; } = dimensions;

    /// <summary>Vectors that can be found.</summary>
    public int Count
    {
        get
        {
            lock (_change)
                return _rows - _dead;
        }
    }

    /// <summary>Adds the chunks of a document; does nothing where it is there already or was deleted.</summary>
    public void Add(long document, IReadOnlyList<(long Chunk, float[] Vector)> chunks)
    {
        lock (_change)
        {
            if (_deleted.Contains(document) || !_documents.Add(document))
                return;
            foreach (var (chunk, vector) in chunks)
                Append(document, chunk, vector);
        }
    }

    /// <summary>Adds one chunk from the file; its document's chunks may be apart from one another there.</summary>
    public void Load(long document, long chunk, ReadOnlySpan<float> vector)
    {
        lock (_change)
        {
            if (_deleted.Contains(document) || (!_documents.Add(document) && !_loading.Contains(document)))
                return;
            _loading.Add(document);
            Append(document, chunk, vector);
        }
    }

    private void Append(long document, long chunk, ReadOnlySpan<float> vector)
    {
        if (_rows == _segments.Length * Segment.Capacity)
            _segments = [.. _segments, new Segment(Dimensions)];
        _segments[^1].Append(document, chunk, vector);
        _rows++;
    }

    /// <summary>Forgets a document.</summary>
    public void Remove(long document)
    {
        lock (_change)
        {
            _deleted.Add(document);
            if (!_documents.Remove(document))
                return;
            foreach (var segment in _segments)
                _dead += segment.Remove(document);
            if (_dead > Segment.Capacity && _dead > _rows / 4)
                Compact();
        }
    }

    private void Compact()
    {
        var segments = new List<Segment>();
        int rows = 0;
        foreach (var segment in _segments)
        {
            for (int row = 0; row < segment.Count; row++)
            {
                if (segment.ChunkAt(row) == 0)
                    continue;
                if (rows % Segment.Capacity == 0)
                    segments.Add(new Segment(Dimensions));
                segments[^1].Append(segment, row);
                rows++;
            }
        }
        (_segments, _rows, _dead) = ([.. segments], rows, 0);
    }

    /// <summary>The chunks nearest to a unit vector by the quantised dot product, best first.</summary>
    /// <param name="query">A unit vector.</param>
    /// <param name="count">How many.</param>
    /// <param name="allowed">Only chunks of these documents; null means all.</param>
    public List<(long Chunk, float Score)> Search(ReadOnlySpan<float> query, int count, IReadOnlySet<long>? allowed)
    {
        sbyte[] quantized = new sbyte[Dimensions];
        float scale = Int8Vector.Quantize(query, quantized);
        var segments = _segments;
        var best = new Best(count);
        if (segments.Length * Segment.Capacity < ParallelFrom)
        {
            foreach (var segment in segments)
                segment.Search(quantized, scale, best, allowed);
            return best.ToList();
        }
        var parts = new Best[Threads];
        Parallel.For(0, Threads, thread =>
        {
            var part = parts[thread] = new Best(count);
            for (int i = thread; i < segments.Length; i += Threads)
                segments[i].Search(quantized, scale, part, allowed);
        });
        foreach (var part in parts)
            best.Offer(part);
        return best.ToList();
    }

    /// <summary>A block of rows. Appended to by one thread while others read: the count is published after the row.</summary>
    private sealed class Segment(int dimensions)
    {
        public const int Capacity = 8_192;

        private readonly sbyte[] _values = GC.AllocateUninitializedArray<sbyte>(Capacity * dimensions);
        private readonly float[] _scales = new float[Capacity];
        private readonly long[] _chunks = new long[Capacity];
        private readonly long[] _documents = new long[Capacity];
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public long ChunkAt(int row) => Volatile.Read(ref _chunks[row]);

        public void Append(long document, long chunk, ReadOnlySpan<float> vector)
        {
            _scales[_count] = Int8Vector.Quantize(vector, _values.AsSpan(_count * dimensions, dimensions));
            Publish(document, chunk);
        }

        public void Append(Segment other, int row)
        {
            other._values.AsSpan(row * dimensions, dimensions).CopyTo(_values.AsSpan(_count * dimensions));
            _scales[_count] = other._scales[row];
            Publish(other._documents[row], other._chunks[row]);
        }

        private void Publish(long document, long chunk)
        {
            _documents[_count] = document;
            _chunks[_count] = chunk;
            Volatile.Write(ref _count, _count + 1);
        }

        /// <summary>Marks the document's rows as dead and returns how many there were.</summary>
        public int Remove(long document)
        {
            int removed = 0;
            for (int row = 0; row < _count; row++)
            {
                if (_documents[row] != document || _chunks[row] == 0)
                    continue;
                Volatile.Write(ref _chunks[row], 0);
                removed++;
            }
            return removed;
        }

        public void Search(ReadOnlySpan<sbyte> query, float scale, Best best, IReadOnlySet<long>? allowed)
        {
            int count = Count;
            for (int row = 0; row < count; row++)
            {
                if (allowed is not null && !allowed.Contains(_documents[row]))
                    continue;
                float score = Int8Vector.Dot(query, _values.AsSpan(row * dimensions, dimensions)) * scale * _scales[row];
                if (score < best.Threshold)
                    continue;
                long chunk = ChunkAt(row);
                if (chunk != 0)
                    best.Offer(score, chunk);
            }
        }
    }
}
