using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Impetus.Server.Documents.Fetching;

/// <summary>Which addresses are of the public internet: none of this machine, of its networks, or of those that IANA keeps for special use.</summary>
internal static class PublicAddress
{
    // RFC 6890 and its successors: https://www.iana.org/assignments/iana-ipv4-special-registry
    private static readonly IPNetwork[] SpecialV4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
            "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
            "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    // Tunnels carry an IPv4 address inside, and so does what is translated.
    private static readonly IPNetwork[] SpecialV6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20" }.Select(IPNetwork.Parse)];

    /// <summary>Whether a server may be fetched from at this address.</summary>
    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        bool special = address.AddressFamily == AddressFamily.InterNetwork
            ? SpecialV4.Any(network => network.Contains(address))
            : !GlobalV6.Contains(address) || SpecialV6.Any(network => network.Contains(address));
        return !special && !IsOurs(address);
    }

    private static bool IsOurs(IPAddress address) => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(device => device.GetIPProperties().UnicastAddresses).Any(own => own.Address.Equals(address));
}
