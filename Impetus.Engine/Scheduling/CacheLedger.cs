namespace Impetus.Engine.Scheduling;

/// <summary>
/// What the caches of all models of an engine may take together, and what they have taken: what one holds, another cannot count on.
/// Thread safe.
/// </summary>
public sealed class CacheLedger
{
    private long _bytes = long.MaxValue;
    private long _held;

    /// <summary>Bytes that all may take together. It may change while they run: those that hold more give back.</summary>
    public long Bytes
    {
        get => Interlocked.Read(ref _bytes);
        set => Interlocked.Exchange(ref _bytes, Math.Max(0, value));
    }

    /// <summary>Bytes that all hold.</summary>
    public long HeldBytes => Interlocked.Read(ref _held);

    /// <summary>A model's page.</summary>
    internal sealed class Page(CacheLedger? ledger)
    {
        private long _own;

        /// <summary>Bytes that this model may take: what the others have not taken.</summary>
        public long Bytes => ledger is null ? long.MaxValue : Math.Max(0, ledger.Bytes - (ledger.HeldBytes - _own));

        /// <summary>Writes down what it holds now. Engine thread only.</summary>
        public void Write(long held)
        {
            if (ledger is not null)
                Interlocked.Add(ref ledger._held, held - _own);
            _own = held;
        }
    }
}
