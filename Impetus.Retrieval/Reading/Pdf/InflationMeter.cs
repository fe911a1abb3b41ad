using System.IO.Compression;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>
/// Counts what a PDF's streams unpack to, before it is unpacked where it could be much. The first limit that breaks is kept, since a lenient parser
/// swallows what a filter throws.
/// </summary>
internal sealed class InflationMeter(ReadingBudget budget) : IFilterProvider
{
    // Deflate packs at most 1032 to 1; what cannot exceed this is unpacked at once and counted afterwards.
    private const int DeflateRatio = 1032;
    private const int HarmlessBytes = 16 << 20;

    private static readonly IFilterProvider Inner = DefaultFilterProvider.Instance;

    private Exception? _fault;

    /// <exception cref="ReadException">A stream went over the limit since the file was opened.</exception>
    public void ThrowIfExceeded()
    {
        if (_fault is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_fault);
    }

    public IReadOnlyList<IFilter> GetFilters(DictionaryToken dictionary) => Metered(Inner.GetFilters(dictionary));

    public IReadOnlyList<IFilter> GetNamedFilters(IReadOnlyList<NameToken> names) => Metered(Inner.GetNamedFilters(names));

    public IReadOnlyList<IFilter> GetAllFilters() => Metered(Inner.GetAllFilters());

    private Filter[] Metered(IReadOnlyList<IFilter> filters) => [.. filters.Select(filter => new Filter(filter, this))];

    private void Count(long bytes)
    {
        try
        {
            ThrowIfExceeded();
            budget.CountInflated(bytes);
        }
        catch (Exception fault) when (fault is ReadException or OperationCanceledException)
        {
            _fault = fault;
            throw;
        }
    }

    private void RefuseBomb(Memory<byte> input)
    {
        if ((long)input.Length * DeflateRatio < HarmlessBytes || input.Length < 2)
            return;
        // Two bytes of zlib header; damaged streams are the decoder's affair.
        using DeflateStream inflating = new(new MemoryStream(input[2..].ToArray(), writable: false), CompressionMode.Decompress);
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        try
        {
            for (int read; (read = inflating.Read(buffer)) > 0 && total <= budget.InflatedBytesLeft;)
                total += read;
        }
        catch (InvalidDataException)
        {
        }
        if (total > budget.InflatedBytesLeft)
            Count(total);
    }

    private sealed class Filter(IFilter inner, InflationMeter meter) : IFilter
    {
        public bool IsSupported => inner.IsSupported;

        public Memory<byte> Decode(Memory<byte> input, DictionaryToken streamDictionary, IFilterProvider filterProvider, int filterIndex)
        {
            if (inner is FlateFilter)
                meter.RefuseBomb(input);
            Memory<byte> output = inner.Decode(input, streamDictionary, filterProvider, filterIndex);
            meter.Count(output.Length);
            return output;
        }
    }
}
