namespace Impetus.Engine.Backends.Cpu.Simd;

/// <summary>No vectors: a register of one lane. Runs anywhere, and shows that the kernels do not depend on their width.</summary>
internal readonly unsafe struct SimdScalar : ISimd<float, uint>
{
    public static bool IsSupported => true;

    public static int Lanes => 1;

    public static float Load(float* source) => *source;

    public static void Store(float* destination, float value) => *destination = value;

    public static float Broadcast(float value) => value;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    public static float Min(float a, float b) => a < b ? a : b;

    public static float Max(float a, float b) => a > b ? a : b;

    public static float Round(float value) => MathF.Round(value);

    public static float Sum(float value) => value;

    public static float Largest(float value) => value;

    public static uint AtLeast(float a, float b) => a >= b ? uint.MaxValue : 0;

    public static float Select(uint mask, float a, float b) => mask != 0 ? a : b;

    public static uint LoadWords(uint* source) => *source;

    public static uint WidenBytes(byte* source) => *source;

    public static uint WidenHalves(ushort* source) => *source;

    public static uint BroadcastWord(uint value) => value;

    public static uint And(uint a, uint b) => a & b;

    public static uint Or(uint a, uint b) => a | b;

    public static uint AddWords(uint a, uint b) => a + b;

    public static uint AddPairs(uint accumulator, uint a, uint b) =>
        accumulator + (uint)(((short)a * (short)b) + ((short)(a >> 16) * (short)(b >> 16)));

    public static uint ShiftLeft(uint value, int count) => value << count;

    public static uint ShiftRight(uint value, int count) => value >> count;

    public static float AsFloats(uint value) => BitConverter.UInt32BitsToSingle(value);

    public static uint AsWords(float value) => BitConverter.SingleToUInt32Bits(value);

    public static float ToFloats(uint value) => (int)value;

    public static uint ToWords(float value) => (uint)(int)value;

    public static float Nibble(uint value) => value & 15;
}
