namespace Impetus.Engine.Backends.Cpu.Simd;

/// <summary>
/// The few vector instructions that our kernels are made of, so that each kernel is written once and compiled for every
/// register width. Implementations are empty structs; all members become single instructions or short runs of them.
/// </summary>
/// <typeparam name="TFloat">A register of floats.</typeparam>
/// <typeparam name="TWord">A register of as many 32-bit words.</typeparam>
internal unsafe interface ISimd<TFloat, TWord>
    where TFloat : unmanaged
    where TWord : unmanaged
{
    /// <summary>Whether this processor has the instructions.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Numbers in a register.</summary>
    static abstract int Lanes { get; }

    static abstract TFloat Load(float* source);

    static abstract void Store(float* destination, TFloat value);

    static abstract TFloat Broadcast(float value);

    static abstract TFloat Add(TFloat a, TFloat b);

    static abstract TFloat Subtract(TFloat a, TFloat b);

    static abstract TFloat Multiply(TFloat a, TFloat b);

    static abstract TFloat Divide(TFloat a, TFloat b);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract TFloat MultiplyAdd(TFloat a, TFloat b, TFloat c);

    /// <summary>The smaller; <paramref name="b"/> where it is not a number.</summary>
    static abstract TFloat Min(TFloat a, TFloat b);

    /// <summary>The larger; <paramref name="b"/> where it is not a number.</summary>
    static abstract TFloat Max(TFloat a, TFloat b);

    /// <summary>The nearest whole number, ties to even.</summary>
    static abstract TFloat Round(TFloat value);

    /// <summary>The sum of all lanes, in an order that depends on the register's width alone.</summary>
    static abstract float Sum(TFloat value);

    /// <summary>The largest of all lanes.</summary>
    static abstract float Largest(TFloat value);

    /// <summary>All bits set where a ≥ b.</summary>
    static abstract TWord AtLeast(TFloat a, TFloat b);

    /// <summary>a where all bits of the mask are set, b where none is.</summary>
    static abstract TFloat Select(TWord mask, TFloat a, TFloat b);

    static abstract TWord LoadWords(uint* source);

    /// <summary>Bytes, each widened to a word.</summary>
    static abstract TWord WidenBytes(byte* source);

    /// <summary>Half words, each widened to a word.</summary>
    static abstract TWord WidenHalves(ushort* source);

    static abstract TWord BroadcastWord(uint value);

    static abstract TWord And(TWord a, TWord b);

    static abstract TWord Or(TWord a, TWord b);

    static abstract TWord AddWords(TWord a, TWord b);

    /// <summary>Words as pairs of signed 16-bit numbers: accumulator + a₀ · b₀ + a₁ · b₁.</summary>
    static abstract TWord AddPairs(TWord accumulator, TWord a, TWord b);

    static abstract TWord ShiftLeft(TWord value, int count);

    static abstract TWord ShiftRight(TWord value, int count);

    /// <summary>The same bits, read as floats.</summary>
    static abstract TFloat AsFloats(TWord value);

    /// <summary>The same bits, read as words.</summary>
    static abstract TWord AsWords(TFloat value);

    /// <summary>Signed words to floats; exact below 2²⁴.</summary>
    static abstract TFloat ToFloats(TWord value);

    /// <summary>Whole floats to signed words.</summary>
    static abstract TWord ToWords(TFloat value);

    /// <summary>The lowest four bits of each word, as a float from 0 to 15.</summary>
    static abstract TFloat Nibble(TWord value);
}
