using System.Numerics;

namespace Impetus.Engine.Tokenization.Models;

/// <summary>The merges of a byte-pair encoding by the two ids that they join: an open-addressing hash table, built once.</summary>
internal sealed class MergeTable
{
    private const ulong Free = ulong.MaxValue;

    private readonly ulong[] _pairs;
    private readonly Merge[] _merges;
    private readonly int _shift;

    public MergeTable(int count)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, count * 2));
        _pairs = new ulong[size];
        _merges = new Merge[size];
        _shift = 64 - BitOperations.Log2((uint)size);
        Array.Fill(_pairs, Free);
    }

    /// <summary>Sets what a pair becomes; a pair given twice keeps the last.</summary>
    public void Set(int left, int right, Merge merge)
    {
        int slot = Slot(Key(left, right));
        _pairs[slot] = Key(left, right);
        _merges[slot] = merge;
    }

    public bool TryGet(int left, int right, out Merge merge)
    {
        int slot = Slot(Key(left, right));
        merge = _merges[slot];
        return _pairs[slot] != Free;
    }

    private static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)right;

    private int Slot(ulong key)
    {
        int slot = (int)(key * 0x9E3779B97F4A7C15UL >> _shift);
        while (_pairs[slot] != Free && _pairs[slot] != key)
            slot = slot + 1 & _pairs.Length - 1;
        return slot;
    }
}

/// <summary>A merge: the lower its rank the earlier it is made.</summary>
internal readonly record struct Merge(int Rank, int Id);
