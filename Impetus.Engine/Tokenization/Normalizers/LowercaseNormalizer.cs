using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Normalizers;

/// <summary>Lower case, character by character: no special final sigma, and İ becomes i and a dot.</summary>
internal sealed class LowercaseNormalizer : CharacterNormalizer
{
    private static readonly Dictionary<int, string> Lower = UnicodeData.Map("Lower");
    private static readonly string?[] Ascii = [.. Enumerable.Range(0, 128).Select(c => Lower.GetValueOrDefault(c))];

    protected override string? Replace(int codePoint) =>
        codePoint < 128 ? Ascii[codePoint] : Lower.GetValueOrDefault(codePoint);
}
