namespace Impetus.Engine.Generation;

/// <summary>
/// Philox 4x32-10 (Salmon et al. 2011): random numbers as a function of a key and a counter. A draw depends on its seed,
/// position and choice alone, so the same seed gives the same text whatever else is in the batch, and however the work was split.
/// </summary>
internal static class Philox
{
    private const uint MultiplierA = 0xD2511F53, MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9, WeylB = 0xBB67AE85;

    /// <summary>A number in [0, 1), a multiple of 2^-24, for the token at a position of one of a request's answers.</summary>
    /// <param name="seed">The request's seed.</param>
    /// <param name="position">The index in prompt and answer of the token that is drawn.</param>
    /// <param name="choice">Which answer, from 0.</param>
    public static float Uniform(ulong seed, int position, int choice)
    {
        uint first = Block((uint)position, (uint)choice, 0, 0, (uint)seed, (uint)(seed >> 32)).X0;
        return (first >> 8) * (1f / (1 << 24));
    }

    /// <summary>The four words of one counter under one key.</summary>
    public static (uint X0, uint X1, uint X2, uint X3) Block(uint c0, uint c1, uint c2, uint c3, uint key0, uint key1)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong a = (ulong)MultiplierA * c0, b = (ulong)MultiplierB * c2;
            (c0, c1, c2, c3) = ((uint)(b >> 32) ^ c1 ^ key0, (uint)b, (uint)(a >> 32) ^ c3 ^ key1, (uint)a);
            key0 = unchecked(key0 + WeylA);
            key1 = unchecked(key1 + WeylB);
        }

        return (c0, c1, c2, c3);
    }
}
