namespace Impetus.Server.Cli;

/// <summary>Lines of bytes from a stream, as long as they like up to a limit. Not thread safe.</summary>
/// <param name="input">Where they come from.</param>
/// <param name="maxLength">Longest line, in bytes. A longer one is read over.</param>
internal sealed class LineReader(Stream input, int maxLength)
{
    private byte[] _buffer = new byte[Math.Min(1 << 16, maxLength + 1)];
    private int _start;
    private int _end;

    /// <summary>The next line without its line feed, good until the next call; null at the end.</summary>
    /// <exception cref="JsonLineException">The line is too long. The call after this gives the one behind it.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancel = default)
    {
        int searched = _start;
        bool tooLong = false;
        while (true)
        {
            int found = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (found >= 0)
                return Take(searched + found, searched + found + 1, tooLong);
            tooLong |= _end - _start > maxLength;
            if (tooLong)
                _start = _end = 0;
            MakeRoom();
            searched = _end;
            int read = await input.ReadAsync(_buffer.AsMemory(_end), cancel);
            if (read == 0 && _start == _end && !tooLong)
                return null;
            if (read == 0)
                return Take(_end, _end, tooLong);
            _end += read;
        }
    }

    private ReadOnlyMemory<byte> Take(int end, int next, bool tooLong)
    {
        var line = _buffer.AsMemory(_start, end - _start);
        _start = next;
        return !tooLong && line.Length <= maxLength ? line
            : throw new JsonLineException($"The line is longer than {maxLength} bytes, which is the most that is read.");
    }

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
            return;
        if (_start == 0)
            Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, maxLength + 1L));
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
    }
}
