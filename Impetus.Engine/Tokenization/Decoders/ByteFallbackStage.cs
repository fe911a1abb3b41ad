using System.Globalization;

namespace Impetus.Engine.Tokenization.Decoders;

/// <summary>
/// Joins a run of byte tokens (&lt;0xE2&gt;) into text, or, when the run as a whole is not UTF-8, into one U+FFFD for each byte.
/// When streaming, a character is shown once it is complete, though a later byte could still spoil the run.
/// </summary>
internal sealed class ByteFallbackStage(bool streaming) : WholeTokenStage
{
    private static readonly System.Text.UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<byte> _run = [];
    private bool _shown;
    private bool _spoiled;

    /// <summary>The byte that a token stands for.</summary>
    public static bool TryGetByte(string token, out byte value)
    {
        value = 0;
        if (token.Length != 6 || !token.StartsWith("<0x", StringComparison.Ordinal) || token[5] != '>')
            return false;
        // Rust's parser takes a leading plus; so must we.
        var digits = token.AsSpan(3, 2);
        return byte.TryParse(digits[0] == '+' ? digits[1..] : digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    protected override void End() => EndRun();

    protected override void Token(string token)
    {
        if (!TryGetByte(token, out byte value))
        {
            EndRun();
            Emit(token);
            return;
        }
        _run.Add(value);
        if (streaming)
            ShowComplete();
    }

    private void ShowComplete()
    {
        if (!_spoiled && System.Text.Rune.DecodeFromUtf8([.. _run], out _, out _) is var status && status != System.Buffers.OperationStatus.Done)
        {
            if (status == System.Buffers.OperationStatus.NeedMoreData)
                return;
            _spoiled = true;
        }
        if (_spoiled)
        {
            ShowSpoiled();
            return;
        }
        Emit(Strict.GetString([.. _run]), starts: !_shown, ends: false);
        _shown = true;
        _run.Clear();
    }

    private void EndRun()
    {
        if (_run.Count > 0 && !_spoiled && IsValid())
            Emit(Strict.GetString([.. _run]), starts: !_shown);
        else
            ShowSpoiled();
        if (_shown)
            Emit("", starts: false);
        _run.Clear();
        (_shown, _spoiled) = (false, false);
    }

    private bool IsValid()
    {
        try
        {
            Strict.GetCharCount([.. _run]);
            return true;
        }
        catch (System.Text.DecoderFallbackException)
        {
            return false;
        }
    }

    private void ShowSpoiled()
    {
        foreach (byte _ in _run)
            Emit("\uFFFD");
        _run.Clear();
    }
}
